package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.deltaforge.spi.Failure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real broker says to a client that it or that should not trust the other, and what the user hears of it. */
class KafkaRefusalsIT {
    @TempDir
    static Path files;

    private static SecureKafka kafka;
    private static Authority stranger;

    @BeforeAll
    static void start() throws Exception {
        kafka = SecureKafka.start(files);
        kafka.addScramUser();
        stranger = new Authority("a stranger");
        stranger.writeCertificate(kafka.file("stranger-ca.pem"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @ParameterizedTest
    @CsvSource({"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void aWrongPassword(String mechanism) {
        assertThat(refusal(SecureKafka.LOGIN, login(mechanism, SecureKafka.USER, "wr0ng-secret")))
                .startsWith("the broker refused the login: ")
                .endsWith(" Check sasl.username, sasl.password and sasl.mechanism in client_conf.")
                .doesNotContain("wr0ng-secret");
    }

    @ParameterizedTest
    @CsvSource({"PLAIN", "SCRAM-SHA-512"})
    void anUnknownUser(String mechanism) {
        assertThat(refusal(SecureKafka.LOGIN, login(mechanism, "nobody", SecureKafka.PASSWORD)))
                .startsWith("the broker refused the login: ")
                .contains("Check sasl.username")
                .doesNotContain(SecureKafka.PASSWORD);
    }

    @Test
    void aClientThatTheTokenEndpointDoesNotKnow() {
        Map<String, String> conf = Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "OAUTHBEARER",
                "sasl.oauthbearer.method", "oidc",
                "sasl.oauthbearer.client.id", TokenIssuer.CLIENT,
                "sasl.oauthbearer.client.secret", "wr0ng-secret",
                "sasl.oauthbearer.token.endpoint.url", kafka.tokens().tokenUrl());

        assertThat(refusal(SecureKafka.LOGIN, conf))
                .startsWith("cannot log in: The response code 401 and error response {\"invalid_client\"")
                .endsWith("Check the sasl.… settings in client_conf: name, secret, endpoint, files.")
                .doesNotContain("wr0ng-secret", "\tat ", "Exception");
    }

    @Test
    void aTokenEndpointThatIsAwayIsWaitedFor() throws Exception {
        TokenIssuer gone = TokenIssuer.start();
        gone.close();
        Map<String, String> conf = Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "OAUTHBEARER",
                "sasl.oauthbearer.method", "oidc",
                "sasl.oauthbearer.client.id", TokenIssuer.CLIENT,
                "sasl.oauthbearer.client.secret", TokenIssuer.SECRET,
                "sasl.oauthbearer.token.endpoint.url", gone.tokenUrl(),
                "sasl.login.retry.backoff.max.ms", "500");

        assertThatThrownBy(() -> kafka.open(SecureKafka.LOGIN, "any", conf))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessageStartingWith("cannot log in, whoever is asked for it does not answer: ")
                .hasMessageNotContaining("\tat ");
    }

    @Test
    void anExpiredCertificate() {
        assertThat(refusal(SecureKafka.EXPIRED, kafka.tls()))
                .startsWith(
                        "TLS with the broker failed: the broker's certificate, or that of its authority, has expired"
                                + " (NotAfter: ")
                .endsWith("). Have it renewed.");
    }

    @Test
    void aCertificateFromAForeignAuthority() {
        assertThat(refusal(SecureKafka.TLS, trusting("stranger-ca.pem")))
                .startsWith(
                        "TLS with the broker failed: the broker's certificate is not from an authority that is trusted")
                .endsWith("Name the file with its authority's certificate in ssl.ca.location.");
    }

    @Test
    void withoutAuthoritiesOfOurOwnThoseOfTheJvmCount() {
        assertThat(refusal(SecureKafka.TLS, Map.of("security.protocol", "SSL")))
                .contains("not from an authority that is trusted here");
    }

    @Test
    void aCertificateForAnotherHost() {
        assertThat(refusal(SecureKafka.ELSEWHERE, kafka.tls()))
                .startsWith("TLS with the broker failed: the broker's certificate is for another host (No subject")
                .contains("127.0.0.1")
                .contains("ssl.endpoint.identification.algorithm: none switches the check off");
    }

    @Test
    void noCertificateWhereTheBrokerAsksForOne() {
        assertThat(refusal(SecureKafka.MUTUAL_TLS, kafka.tls()))
                .contains("Set ssl.certificate.location and ssl.key.location");
    }

    @Test
    void aCertificateThatTheBrokerDoesNotTrust() throws Exception {
        Identity foreign = stranger.issue("client");
        Map<String, String> conf = new HashMap<>(kafka.tls());
        conf.put(
                "ssl.certificate.location",
                foreign.writeCertificate(kafka.file("foreign.pem")).toString());
        conf.put("ssl.key.location", foreign.writeKey(kafka.file("foreign.key")).toString());

        assertThat(refusal(SecureKafka.MUTUAL_TLS, conf))
                .contains("take a certificate from an authority that the brokers trust: no other is sent");
    }

    @Test
    void aProtocolThatTheBrokerDoesNotSpeakIsAsked() {
        Map<String, String> conf = new HashMap<>(kafka.tls());
        conf.put("message.timeout.ms", "2000");

        assertThatThrownBy(() -> kafka.open("PLAINTEXT", "any", conf))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessageEndingWith("and is security.protocol SSL what it speaks?)");
    }

    /** The message of the failure that opening ends in, which nobody tries again. */
    private static String refusal(String listener, Map<String, String> clientConf) {
        Throwable failure = catchThrowable(() -> kafka.open(listener, "any", clientConf));
        kafka.closeSinks();
        assertThat(failure).isInstanceOf(Failure.Fatal.class);
        return failure.getMessage();
    }

    private static Map<String, String> trusting(String authorities) {
        return Map.of(
                "security.protocol",
                "SSL",
                "ssl.ca.location",
                kafka.file(authorities).toString());
    }

    private static Map<String, String> login(String mechanism, String user, String password) {
        return Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", mechanism,
                "sasl.username", user,
                "sasl.password", password);
    }
}
