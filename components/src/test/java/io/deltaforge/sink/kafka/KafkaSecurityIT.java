package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to reach a broker and to log in, each as a batch that arrives. */
class KafkaSecurityIT {
    @TempDir
    static Path files;

    private static SecureKafka kafka;
    private static Identity client;
    private static int topics;

    private final OrderEvents events = new OrderEvents();

    @BeforeAll
    static void start() throws Exception {
        kafka = SecureKafka.start(files);
        kafka.addScramUser();
        client = kafka.authority().issue("client");
        client.writeCertificate(kafka.file("client.pem"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @AfterEach
    void closeSinks() {
        kafka.closeSinks();
    }

    @Test
    void plaintext() throws Exception {
        delivers("PLAINTEXT", Map.of());
    }

    @Test
    void tlsWithAFileOfAuthorities() throws Exception {
        delivers(SecureKafka.TLS, kafka.tls());
    }

    @ParameterizedTest
    @CsvSource({"JKS, ca.jks", "PKCS12, ca.p12"})
    void tlsWithATruststore(String type, String name) throws Exception {
        Identity.writeTrust(kafka.authority().certificate(), kafka.file(name), type, "changeit");

        delivers(
                SecureKafka.TLS,
                Map.of(
                        "security.protocol", "SSL",
                        "ssl.truststore.location", kafka.file(name).toString(),
                        "ssl.truststore.password", "changeit"));
    }

    @Test
    void theNameIsNotCheckedWhereThatIsSwitchedOff() throws Exception {
        delivers(SecureKafka.ELSEWHERE, with(kafka.tls(), "ssl.endpoint.identification.algorithm", "none"));
    }

    @Test
    void mutualTlsWithAPkcs8Key() throws Exception {
        client.writeKey(kafka.file("client.key"));

        delivers(SecureKafka.MUTUAL_TLS, pem("client.key"));
    }

    @Test
    void mutualTlsWithAnEncryptedPkcs8Key() throws Exception {
        client.writeEncryptedKey(kafka.file("encrypted.key"), "key-secret");

        delivers(SecureKafka.MUTUAL_TLS, with(pem("encrypted.key"), "ssl.key.password", "key-secret"));
    }

    @Test
    void mutualTlsWithAPkcs1Key() throws Exception {
        client.writePkcs1Key(kafka.file("pkcs1.key"));

        delivers(SecureKafka.MUTUAL_TLS, pem("pkcs1.key"));
    }

    @ParameterizedTest
    @CsvSource({"JKS, client.jks", "PKCS12, client.p12"})
    void mutualTlsWithAKeystore(String type, String name) throws Exception {
        client.writeStore(kafka.file(name), type, "changeit");
        Map<String, String> conf = new HashMap<>(kafka.tls());
        conf.put("ssl.keystore.location", kafka.file(name).toString());
        conf.put("ssl.keystore.password", "changeit");
        conf.put("ssl.key.password", "changeit");

        delivers(SecureKafka.MUTUAL_TLS, conf);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void aPassword(String mechanism) throws Exception {
        delivers(SecureKafka.LOGIN, password("SASL_PLAINTEXT", mechanism));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"})
    void aPasswordOverTls(String mechanism) throws Exception {
        delivers(
                SecureKafka.TLS_LOGIN,
                with(
                        password("SASL_SSL", mechanism),
                        "ssl.ca.location",
                        kafka.file("ca.pem").toString()));
    }

    @Test
    void aToken() throws Exception {
        delivers(SecureKafka.LOGIN, token("SASL_PLAINTEXT"));
    }

    @Test
    void aTokenOverTls() throws Exception {
        delivers(
                SecureKafka.TLS_LOGIN,
                with(token("SASL_SSL"), "ssl.ca.location", kafka.file("ca.pem").toString()));
    }

    @Test
    void exactlyOnceOverMutualTls() throws Exception {
        client.writeKey(kafka.file("client.key"));
        kafka.cluster().createTopic("exactly-once", 1, Map.of());
        TransactionalKafkaSink sink =
                kafka.openTransactional(SecureKafka.MUTUAL_TLS, "exactly-once", pem("client.key"));

        sink.write(batch(events.insert(ORDERS, 1, "ann", "n"))).get(60, TimeUnit.SECONDS);
        sink.commit(new TextPosition("0/1"));

        kafka.awaitCommitted("exactly-once", 1);
    }

    private void delivers(String listener, Map<String, String> clientConf) throws Exception {
        String topic = "topic-" + topics++;
        kafka.cluster().createTopic(topic, 1, Map.of());
        KafkaSink sink = kafka.open(listener, topic, clientConf);

        sink.write(batch(events.insert(ORDERS, 1, "ann", "n"), events.insert(ORDERS, 2, "bob", "n")))
                .get(60, TimeUnit.SECONDS);

        assertThat(kafka.cluster().readAll(topic)).hasSize(2);
    }

    private static Map<String, String> pem(String key) {
        Map<String, String> conf = new HashMap<>(kafka.tls());
        conf.put("ssl.certificate.location", kafka.file("client.pem").toString());
        conf.put("ssl.key.location", kafka.file(key).toString());
        return conf;
    }

    private static Map<String, String> password(String protocol, String mechanism) {
        return Map.of(
                "security.protocol",
                protocol,
                "sasl.mechanism",
                mechanism,
                "sasl.username",
                SecureKafka.USER,
                "sasl.password",
                SecureKafka.PASSWORD);
    }

    private static Map<String, String> token(String protocol) {
        return Map.of(
                "security.protocol",
                protocol,
                "sasl.mechanism",
                "OAUTHBEARER",
                "sasl.oauthbearer.method",
                "oidc",
                "sasl.oauthbearer.client.id",
                TokenIssuer.CLIENT,
                "sasl.oauthbearer.client.secret",
                TokenIssuer.SECRET,
                "sasl.oauthbearer.token.endpoint.url",
                kafka.tokens().tokenUrl());
    }

    private static Map<String, String> with(Map<String, String> conf, String name, String value) {
        Map<String, String> more = new HashMap<>(conf);
        more.put(name, value);
        return more;
    }
}
