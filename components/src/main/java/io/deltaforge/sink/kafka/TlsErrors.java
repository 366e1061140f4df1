package io.deltaforge.sink.kafka;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;

/** Why two sides did not agree on TLS, and what to do about it: read from the causes that Java gives. */
final class TlsErrors {
    private static final String ALERT = "Received fatal alert: ";

    private TlsErrors() {}

    /** Sentences for the user. */
    static String explain(Throwable error) {
        Throwable deepest = error;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            deepest = cause;
            String message = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateExpiredException) {
                return "the broker's certificate, or that of its authority, has expired (" + message
                        + "). Have it renewed.";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "the broker's certificate is not valid yet (" + message + "). Set the clocks.";
            }
            if (cause instanceof CertPathBuilderException) {
                return "the broker's certificate is not from an authority that is trusted here (" + message
                        + "). Name the file with its authority's certificate in ssl.ca.location.";
            }
            if (cause instanceof CertificateException && message.startsWith("No ")) {
                return "the broker's certificate is for another host (" + message + "). Use a name that the certificate"
                        + " has in `brokers` and in the brokers' advertised.listeners, or have one issued for this name."
                        + " ssl.endpoint.identification.algorithm: none switches the check off.";
            }
            if (cause instanceof SSLException && message.contains(ALERT)) {
                return alert(message.substring(message.indexOf(ALERT) + ALERT.length()));
            }
            if (cause instanceof SSLException && message.startsWith("Unsupported or unrecognized SSL message")) {
                return "the broker does not speak TLS on this port. Change the port in `brokers`, or security.protocol.";
            }
        }
        return deepest.getMessage() + ". Check ssl.ca.location, the certificates and the host names.";
    }

    /** What the broker said to ours (RFC 8446 §6.2). */
    private static String alert(String name) {
        return switch (name) {
            case "certificate_required" ->
                "the broker asks for a certificate and got none. Set ssl.certificate.location and ssl.key.location, or"
                        + " ssl.keystore.location; if they are set, take a certificate from an authority that the brokers"
                        + " trust: no other is sent.";
            case "certificate_expired" -> "the broker found our certificate expired. Have it renewed.";
            case "bad_certificate", "certificate_unknown", "unknown_ca", "unsupported_certificate", "access_denied" ->
                "the broker did not accept our certificate (" + name + "). Set ssl.certificate.location to one from an"
                        + " authority that the brokers trust.";
            case "protocol_version", "handshake_failure", "insufficient_security" ->
                "no version or cipher of TLS is known to both sides (" + name
                        + "), or the broker asks for a certificate."
                        + " Check ssl.enabled.protocols and ssl.cipher.suites, ssl.certificate.location and"
                        + " ssl.key.location.";
            default -> "the broker ended the handshake (" + name + "). Its log says why.";
        };
    }
}
