package io.deltaforge.sink.kafka;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority of a test's own. */
public final class Authority {
    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final KeyPair keys = keys("EC", 256);
    private final X509Certificate certificate;

    public Authority(String name) {
        X500Name own = new X500Name("CN=" + name);
        Instant now = Instant.now();
        certificate = sign(new Request(own, own, keys, now.minus(HOUR), now.plus(HOUR), List.of(), true), keys);
    }

    private record Request(
            X500Name issuer,
            X500Name name,
            KeyPair keys,
            Instant from,
            Instant until,
            List<GeneralName> alternatives,
            boolean isAuthority) {}

    /** Valid for an hour; a server's is for 127.0.0.1 and localhost. */
    public Identity issue(String name) {
        return issue(name, localhost(), Instant.now().plus(HOUR));
    }

    public Identity issueExpired(String name) {
        return issue(name, localhost(), Instant.now().minusSeconds(60));
    }

    public Identity issueForHost(String host) {
        return issue(
                host,
                List.of(new GeneralName(GeneralName.dNSName, host)),
                Instant.now().plus(HOUR));
    }

    private Identity issue(String name, List<GeneralName> alternatives, Instant until) {
        KeyPair subject = keys("RSA", 2048);
        Request request = new Request(
                new X500Name(certificate.getSubjectX500Principal().getName()),
                new X500Name("CN=" + name),
                subject,
                Instant.now().minus(HOUR),
                until,
                alternatives,
                false);
        return new Identity(subject.getPrivate(), sign(request, keys));
    }

    /** Its own certificate, which who trusts it needs. */
    public Path writeCertificate(Path file) throws IOException {
        return Files.writeString(file, Identity.pem(certificate));
    }

    public X509Certificate certificate() {
        return certificate;
    }

    private static List<GeneralName> localhost() {
        return List.of(
                new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
    }

    private static X509Certificate sign(Request request, KeyPair signer) {
        try {
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            request.issuer,
                            BigInteger.valueOf(SERIAL.getAndIncrement()),
                            Date.from(request.from),
                            Date.from(request.until),
                            request.name,
                            request.keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(request.isAuthority));
            if (!request.alternatives.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(request.alternatives.toArray(new GeneralName[0])));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
        } catch (GeneralSecurityException | OperatorException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair keys(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
