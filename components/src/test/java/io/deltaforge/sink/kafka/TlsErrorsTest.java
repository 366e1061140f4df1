package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@link KafkaRefusalsIT} cannot make a broker say. */
class TlsErrorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "certificate_expired | the broker found our certificate expired",
                "bad_certificate | the broker did not accept our certificate (bad_certificate)",
                "unknown_ca | one from an authority that the brokers trust",
                "protocol_version | ssl.enabled.protocols",
                "internal_error | the broker ended the handshake (internal_error). Its log says why.",
            })
    void alertsOfTheBroker(String alert, String explanation) {
        assertThat(explain(new SSLHandshakeException("(" + alert + ") Received fatal alert: " + alert)))
                .contains(explanation);
    }

    @Test
    void aCertificateThatIsNotValidYet() {
        assertThat(explain(new CertificateNotYetValidException("NotBefore: tomorrow")))
                .contains("NotBefore: tomorrow")
                .contains("Set the clocks");
    }

    @Test
    void anAnswerThatIsNotTls() {
        assertThat(explain(new SSLException("Unsupported or unrecognized SSL message")))
                .contains("does not speak TLS on this port");
    }

    @Test
    void whatNobodyThoughtOfIsTold() {
        assertThat(explain(new SSLException("new in Java 30"))).startsWith("new in Java 30. Check ssl.ca.location");
    }

    private static String explain(Exception cause) {
        return TlsErrors.explain(new SslAuthenticationException("SSL handshake failed", cause));
    }
}
