package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaListeners;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sink.Orders;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.Template;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.awaitility.Awaitility;

/** A broker with a listener for each kind of security, and certificates, users and tokens of its own. */
final class SecureKafka implements AutoCloseable {
    static final String TLS = "TLS";
    static final String MUTUAL_TLS = "MUTUAL_TLS";
    static final String LOGIN = "LOGIN";
    static final String TLS_LOGIN = "TLS_LOGIN";
    /** Its certificate has expired. */
    static final String EXPIRED = "EXPIRED";
    /** Its certificate is another host's. */
    static final String ELSEWHERE = "ELSEWHERE";

    static final String USER = "ann";
    static final String PASSWORD = "ann's \"s3cret\"";

    static final String CHECKPOINTS = "deltaforge-checkpoints";

    private static final String SECURITY = "org.apache.kafka.common.security.";

    private final KafkaCluster cluster;
    private final Path files;
    private final Authority authority;
    private final TokenIssuer tokens;
    private final List<Sink> sinks = new ArrayList<>();

    private SecureKafka(KafkaCluster cluster, Path files, Authority authority, TokenIssuer tokens) {
        this.cluster = cluster;
        this.files = files;
        this.authority = authority;
        this.tokens = tokens;
    }

    static SecureKafka start(Path files) throws IOException, GeneralSecurityException {
        return start(files, Map.of());
    }

    /** @param more server properties over those that are needed */
    static SecureKafka start(Path files, Map<String, String> more) throws IOException, GeneralSecurityException {
        TokenIssuer tokens = TokenIssuer.start();
        Authority authority = new Authority("test authority");
        authority.writeCertificate(files.resolve("ca.pem"));
        Map<String, String> properties = new HashMap<>();
        properties.put("auto.create.topics.enable", "false");
        certificate(TLS, authority.issue("broker").writeBoth(files.resolve("broker.pem")), properties);
        certificate(TLS_LOGIN, files.resolve("broker.pem"), properties);
        certificate(MUTUAL_TLS, files.resolve("broker.pem"), properties);
        certificate(EXPIRED, authority.issueExpired("broker").writeBoth(files.resolve("expired.pem")), properties);
        certificate(
                ELSEWHERE,
                authority.issueForHost("elsewhere.example").writeBoth(files.resolve("elsewhere.pem")),
                properties);
        String mutual = KafkaListeners.prefix(MUTUAL_TLS);
        properties.put(mutual + "ssl.client.auth", "required");
        properties.put(mutual + "ssl.truststore.type", "PEM");
        properties.put(
                mutual + "ssl.truststore.location", files.resolve("ca.pem").toString());
        logins(LOGIN, tokens, properties);
        logins(TLS_LOGIN, tokens, properties);
        properties.putAll(more);
        KafkaCluster cluster = KafkaCluster.start(KafkaOptions.defaults()
                .withServerProperties(properties)
                .withListeners(new KafkaListeners(
                        Map.of(
                                TLS, "SSL",
                                MUTUAL_TLS, "SSL",
                                EXPIRED, "SSL",
                                ELSEWHERE, "SSL",
                                LOGIN, "SASL_PLAINTEXT",
                                TLS_LOGIN, "SASL_SSL"),
                        Map.of("org.apache.kafka.sasl.oauthbearer.allowed.urls", tokens.keysUrl()))));
        return new SecureKafka(cluster, files, authority, tokens);
    }

    private static void certificate(String listener, Path both, Map<String, String> properties) {
        String prefix = KafkaListeners.prefix(listener);
        properties.put(prefix + "ssl.keystore.type", "PEM");
        properties.put(prefix + "ssl.keystore.location", both.toString());
    }

    private static void logins(String listener, TokenIssuer tokens, Map<String, String> properties) {
        String prefix = KafkaListeners.prefix(listener);
        properties.put(prefix + "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER");
        properties.put(
                prefix + "plain.sasl.jaas.config",
                SECURITY + "plain.PlainLoginModule required user_" + USER + "=\"" + PASSWORD.replace("\"", "\\\"")
                        + "\" user_reader=\"reader-secret\" user_watcher=\"watcher-secret\" user_writer=\"writer-secret\""
                        + " user_forge=\"forge-secret\" user_exact=\"exact-secret\";");
        properties.put(prefix + "scram-sha-256.sasl.jaas.config", SECURITY + "scram.ScramLoginModule required;");
        properties.put(prefix + "scram-sha-512.sasl.jaas.config", SECURITY + "scram.ScramLoginModule required;");
        properties.put(
                prefix + "oauthbearer.sasl.jaas.config", SECURITY + "oauthbearer.OAuthBearerLoginModule required;");
        properties.put(
                prefix + "oauthbearer.sasl.server.callback.handler.class",
                SECURITY + "oauthbearer.OAuthBearerValidatorCallbackHandler");
        properties.put(prefix + "sasl.oauthbearer.jwks.endpoint.url", tokens.keysUrl());
        properties.put(prefix + "sasl.oauthbearer.expected.audience", TokenIssuer.AUDIENCE);
        properties.put(prefix + "sasl.oauthbearer.expected.issuer", tokens.url());
    }

    /** Gives {@link #USER} a password for SCRAM. */
    void addScramUser() throws Exception {
        try (Admin admin = cluster.admin()) {
            for (ScramMechanism mechanism : List.of(ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512)) {
                ScramCredentialInfo info = new ScramCredentialInfo(mechanism, 4096);
                admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(USER, info, PASSWORD)))
                        .all()
                        .get();
            }
        }
    }

    KafkaCluster cluster() {
        return cluster;
    }

    Authority authority() {
        return authority;
    }

    TokenIssuer tokens() {
        return tokens;
    }

    /** A file of the test, such as {@code ca.pem}. */
    Path file(String name) {
        return files.resolve(name);
    }

    /** Settings that trust the brokers. */
    Map<String, String> tls() {
        return Map.of(
                "security.protocol", "SSL", "ssl.ca.location", file("ca.pem").toString());
    }

    KafkaSink open(String listener, String topic, Map<String, String> clientConf) throws Failure {
        return opened(new KafkaSink(config(listener, topic, clientConf, false)));
    }

    /** With {@code exactly_once: true}. */
    TransactionalKafkaSink openTransactional(String listener, String topic, Map<String, String> clientConf)
            throws Failure {
        return opened(new TransactionalKafkaSink(config(listener, topic, clientConf, true)));
    }

    private KafkaSinkConfig config(String listener, String topic, Map<String, String> clientConf, boolean exactlyOnce) {
        return new KafkaSinkConfig(
                "sink",
                cluster.bootstrapServers(listener),
                Template.parse(topic),
                null,
                new NativeEnvelope(),
                new JsonEncoding(),
                true,
                false,
                exactlyOnce,
                CHECKPOINTS,
                60,
                clientConf,
                null);
    }

    private <S extends Sink> S opened(S sink) throws Failure {
        sinks.add(sink);
        sink.open(Orders.CONTEXT);
        return sink;
    }

    /** Waits until a committed record can be read: the brokers confirm a commit before they have carried it out. */
    void awaitCommitted(String topic, int records) {
        Awaitility.await()
                .untilAsserted(() -> assertThat(cluster.readAll(topic)).hasSize(records));
    }

    void closeSinks() {
        sinks.forEach(Sink::close);
        sinks.clear();
    }

    @Override
    public void close() {
        closeSinks();
        cluster.close();
        tokens.close();
    }
}
