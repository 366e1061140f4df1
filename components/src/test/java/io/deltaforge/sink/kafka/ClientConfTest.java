package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.spi.EffectiveSetting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfTest {

    @Test
    void withoutClientConfTheProducerIsSafe() {
        Map<String, Object> settings = load(Map.of());

        assertThat(settings)
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", "true")
                .containsEntry("compression.type", "lz4")
                .containsEntry("delivery.timeout.ms", "60000")
                .containsEntry("bootstrap.servers", "broker:9092")
                .doesNotContainKeys("retries", "request.timeout.ms", "max.in.flight.requests.per.connection");
        accepted(settings);
    }

    @Test
    void theBlockOfTheKafkaSinkPageWorks() {
        Map<String, String> conf = Map.of("message.timeout.ms", "5000", "acks", "all");

        Map<String, Object> settings = load(conf);

        assertThat(settings)
                .containsEntry("delivery.timeout.ms", "5000")
                .containsEntry("request.timeout.ms", "4995")
                .containsEntry("max.block.ms", "5000");
        accepted(settings);
        assertThat(explained(conf, "request.timeout.ms").origin())
                .hasToString(
                        "derived: message.timeout.ms (5000 ms) minus linger.ms (5 ms) is less than the default of 30000 ms");
        assertThat(explained(conf, "delivery.timeout.ms").origin()).hasToString("client_conf message.timeout.ms");
        assertThat(explained(conf, "compression.type").origin()).hasToString("default of DeltaForge");
        assertThat(explained(conf, "bootstrap.servers").origin()).hasToString("brokers");
    }

    @Test
    void theWholeExplanationHasKafkasOwnDefaultsAfterOurs() {
        List<String> all = settings(Map.of("linger.ms", "7")).explainAll(Optional.empty()).stream()
                .map(setting -> setting.name() + "=" + setting.value() + " from " + setting.origin())
                .toList();

        assertThat(all)
                .containsSubsequence(
                        "acks=all from default of DeltaForge",
                        "linger.ms=7 from client_conf linger.ms",
                        "max.block.ms=60000 from send_timeout_secs",
                        "buffer.memory=33554432 from default of Kafka",
                        "max.in.flight.requests.per.connection=5 from default of Kafka",
                        "security.protocol=PLAINTEXT from default of Kafka",
                        "ssl.endpoint.identification.algorithm=https from default of Kafka")
                .doesNotHaveDuplicates()
                .noneMatch(line -> line.contains("=null"))
                .hasSizeGreaterThan(50);
    }

    @Test
    void theProductionBlockWorks() {
        Map<String, String> conf = new HashMap<>(Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "SCRAM-SHA-512",
                "sasl.username", "forge",
                "sasl.password", "s\"e\\cret",
                "ssl.ca.location", "/etc/ssl/certs/kafka-ca.pem",
                "ssl.endpoint.identification.algorithm", "https",
                "acks", "all",
                "enable.idempotence", "true",
                "retries", "2147483647",
                "retry.backoff.ms", "100"));
        conf.putAll(Map.of(
                "delivery.timeout.ms", "300000",
                "request.timeout.ms", "30000",
                "batch.size", "65536",
                "linger.ms", "10",
                "compression.type", "lz4",
                "queue.buffering.max.messages", "100000",
                "queue.buffering.max.kbytes", "1048576"));

        ProducerSettings settings = ProducerSettings.of("s", "broker:9092", 60, true, conf);

        assertThat(settings.text("sasl.jaas.config"))
                .isEqualTo("org.apache.kafka.common.security.scram.ScramLoginModule required"
                        + " username=\"forge\" password=\"s\\\"e\\\\cret\";");
        assertThat(settings.text("buffer.memory")).isEqualTo("1073741824");
        assertThat(settings.text("ssl.truststore.type")).isEqualTo("PEM");
        assertThat(settings.warnings())
                .containsExactly("client_conf queue.buffering.max.messages has no effect: the pipeline's"
                        + " batch.max_inflight times batch.max_events bounds what is on the way");
        assertThat(settings.explain().toString()).doesNotContain("cret").contains("sasl.jaas.config, value=***");
    }

    @Test
    void theHighThroughputBlockKeepsOrderWithoutIdempotence() {
        Map<String, Object> settings =
                load(Map.of("acks", "1", "batch.size", "131072", "linger.ms", "50", "compression.type", "lz4"));

        assertThat(settings)
                .containsEntry("acks", "1")
                .containsEntry("enable.idempotence", "false")
                .containsEntry("max.in.flight.requests.per.connection", "1");
        accepted(settings);
    }

    @Test
    void theConfluentBlockLogsInWithPlain() {
        ProducerSettings settings = settings(Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "PLAIN",
                "sasl.username",
                "K",
                "sasl.password",
                "S"));

        assertThat(settings.text("sasl.jaas.config"))
                .isEqualTo("org.apache.kafka.common.security.plain.PlainLoginModule required"
                        + " username=\"K\" password=\"S\";");
        assertThat(settings.text("security.protocol")).isEqualTo("SASL_SSL");
    }

    @Test
    void theMskBlockLoadsAndOpeningSaysWhichJarIsMissing() {
        ProducerSettings settings = settings(Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "AWS_MSK_IAM",
                "sasl.jaas.config", "software.amazon.msk.auth.iam.IAMLoginModule required;",
                "sasl.client.callback.handler.class", "software.amazon.msk.auth.iam.IAMClientCallbackHandler"));

        assertThatThrownBy(() -> KafkaClients.load(settings))
                .hasMessageContaining("aws-msk-iam-auth")
                .hasMessageContaining("plugins/");
    }

    @Test
    void mskNeedsNoMoreThanItsMechanism() {
        ProducerSettings settings = settings(Map.of("security.protocol", "sasl_ssl", "sasl.mechanism", "AWS_MSK_IAM"));

        assertThat(settings.text("sasl.jaas.config"))
                .isEqualTo("software.amazon.msk.auth.iam.IAMLoginModule required;");
        assertThat(settings.text("sasl.client.callback.handler.class"))
                .isEqualTo("software.amazon.msk.auth.iam.IAMClientCallbackHandler");
    }

    @Test
    void theRestOfTheDocumentedRecipesWorks() {
        accepted(load(Map.of("acks", "1", "batch.size", "16384", "linger.ms", "0", "compression.type", "none")));
        accepted(load(Map.of(
                "acks", "all",
                "enable.idempotence", "true",
                "max.in.flight.requests.per.connection", "5",
                "retries", "2147483647")));
        accepted(load(Map.of(
                "acks", "all",
                "message.timeout.ms", "30000",
                "retries", "2147483647",
                "enable.idempotence", "true",
                "compression.type", "lz4")));
    }

    @ParameterizedTest
    @CsvSource({
        "linger.ms, 2.5, linger.ms, 3",
        "queue.buffering.max.ms, 7, linger.ms, 7",
        "message.send.max.retries, 9, retries, 9",
        "request.required.acks, -1, acks, all",
        "compression.codec, ZSTD, compression.type, zstd",
        "message.max.bytes, 2000000, max.request.size, 2000000",
        "queue.buffering.max.kbytes, 4194304, buffer.memory, 4294967296",
        "socket.send.buffer.bytes, 0, send.buffer.bytes, -1",
        "socket.receive.buffer.bytes, 65536, receive.buffer.bytes, 65536",
        "connections.max.idle.ms, 0, connections.max.idle.ms, -1",
        "topic.metadata.refresh.interval.ms, -1, metadata.max.age.ms, 9223372036854775807",
        "metadata.max.age.ms, 900000, metadata.max.age.ms, 900000",
        "message.timeout.ms, 0, delivery.timeout.ms, 2147483647",
        "socket.timeout.ms, 9000, request.timeout.ms, 9000",
        "security.protocol, plaintext, security.protocol, PLAINTEXT",
        "partitioner, consistent_random, partitioner.class,"
                + " io.deltaforge.sink.kafka.LibrdkafkaPartitioners$ConsistentRandom",
        "compression.level, 3, compression.lz4.level, 3",
        "max.in.flight, 1000000, max.in.flight.requests.per.connection, 5",
        "socket.connection.setup.timeout.ms, 45000, socket.connection.setup.timeout.max.ms, 45000",
        "metrics.recording.level, DEBUG, metrics.recording.level, DEBUG",
        "max.block.ms, 1234, max.block.ms, 1234",
    })
    void isTranslated(String name, String value, String setting, String becomes) {
        Map<String, Object> settings = load(Map.of(name, value));

        assertThat(settings).containsEntry(setting, becomes);
        accepted(settings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acks | 2 | acks must be one of all, -1, 0, 1, but is \"2\"",
                "linger.ms | soon | linger.ms must be a number of milliseconds, but is \"soon\"",
                "linger.ms | 900001 | linger.ms must be between 0 and 900000 (ms), but is 900001",
                "retries | -1 | retries must be between 0 and 2147483647, but is -1",
                "message.max.bytes | 999 | message.max.bytes must be between 1000 and 1000000000 (bytes), but is 999",
                "enable.idempotence | yes | enable.idempotence must be true or false, but is \"yes\"",
                "partitioner | murmur3 | partitioner must be one of random, consistent",
                "compression.level | 19 | compression.level must be between 1 and 17 for lz4, but is 19",
                "message.timeut.ms | 1 | message.timeut.ms is not known to librdkafka or the Java producer (did you mean"
                        + " message.timeout.ms?)",
                "completely.else | 1 | completely.else is not known to librdkafka or the Java producer",
                "queuing.strategy | lifo | queuing.strategy is refused: a capture that reverses",
                "ssl.crl.location | /x | ssl.crl.location is refused: it configures OpenSSL",
                "ssl.cipher.suites | ECDHE-RSA-AES256-GCM-SHA384 | ssl.cipher.suites is refused: the JVM does not know",
                "plugin.library.paths | x.so | plugin.library.paths is refused",
                "key.serializer | x | key.serializer cannot be set: the sink's `encoding` makes the bytes",
                "bootstrap.servers | other:9092 | bootstrap.servers differs from the sink's `brokers`",
                "transactional.id | t | transactional.id needs the sink's exactly_once: true",
                "max.block.ms | -5 | max.block.ms is not accepted by the Java client: ",
                "allow.auto.create.topics | false | allow.auto.create.topics is refused",
            })
    void isRefused(String name, String value, String message) {
        assertThatThrownBy(() -> settings(Map.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("client_conf: " + message);
    }

    @Test
    void allProblemsAreToldAtOnce() {
        assertThatThrownBy(() -> settings(Map.of("linger.ms", "x", "retrys", "1", "acks", "7", "log_level", "6")))
                .hasMessage("""
                        client_conf has 3 problems:
                          acks must be one of all, -1, 0, 1, but is "7"
                          linger.ms must be a number of milliseconds, but is "x"
                          retrys is not known to librdkafka or the Java producer (did you mean retries?)""");
    }

    @Test
    void anAliasMayAgreeButNotDiffer() {
        assertThat(load(Map.of("acks", "all", "request.required.acks", "all"))).containsEntry("acks", "all");
        assertThatThrownBy(() -> settings(Map.of("linger.ms", "1", "queue.buffering.max.ms", "2")))
                .hasMessageContaining("queue.buffering.max.ms and linger.ms are the same setting and differ: keep one");
        assertThatThrownBy(() -> settings(Map.of("message.max.bytes", "2000", "max.request.size", "3000")))
                .hasMessageContaining("message.max.bytes and max.request.size both set max.request.size and differ");
    }

    @ParameterizedTest
    @CsvSource({"acks, 1", "acks, 0", "retries, 0", "max.in.flight, 6"})
    void whatBreaksIdempotenceIsRefusedWhereItIsAskedFor(String name, String value) {
        assertThatThrownBy(() -> settings(Map.of("enable.idempotence", "true", name, value)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ProducerSettings.of("s", "broker:9092", 60, true, Map.of(name, value)))
                .hasMessageContaining("exactly_once: true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acks | 1 | acks does not go with exactly_once: true: acks=1 rules idempotence out, which takes acks=all",
                "request.required.acks | 0 | request.required.acks does not go with exactly_once: true: acks=0 rules",
                "message.send.max.retries | 0 | message.send.max.retries does not go with exactly_once: true: retries=0",
                "enable.idempotence | false | enable.idempotence must not be false with exactly_once: true: transactions",
                "max.in.flight | 6 | max.in.flight must be at most 5 with exactly_once: true: brokers tell repetitions",
                "transactional.id | '' | transactional.id must not be empty",
                "transaction.two.phase.commit.enable | true | transaction.two.phase.commit.enable is refused: a",
                "transaction.timeout.ms | 10 | transaction.timeout.ms must be between 1000 and 2147483647 (ms), but is 10",
            })
    void whatBreaksExactlyOnceIsRefusedWithTheReasonUnderTheNameThatWasUsed(String name, String value, String why) {
        assertThatThrownBy(() -> ProducerSettings.of("s", "broker:9092", 60, true, Map.of(name, value)))
                .hasMessageStartingWith("client_conf: " + why);
    }

    @Test
    void transactionSettingsOfTheUserWin() {
        ProducerSettings settings = ProducerSettings.of(
                "s",
                "broker:9092",
                60,
                true,
                Map.of("transactional.id", "mine", "transaction.timeout.ms", "90000", "max.in.flight", "3"));

        assertThat(settings.text("transactional.id")).isEqualTo("mine");
        assertThat(settings.text("transaction.timeout.ms")).isEqualTo("90000");
        assertThat(settings.text("max.in.flight.requests.per.connection")).isEqualTo("3");
        assertThat(settings.text("enable.idempotence")).isEqualTo("true");
        assertThat(settings.warnings()).isEmpty();
        assertThat(settings(Map.of("transaction.timeout.ms", "90000")).warnings())
                .containsExactly("client_conf transaction.timeout.ms has no effect without exactly_once: true");
    }

    @Test
    void exactlyOnceDoesNotGoWithoutIdempotence() {
        assertThatThrownBy(
                        () -> ProducerSettings.of("s", "broker:9092", 60, true, Map.of("enable.idempotence", "false")))
                .hasMessageContaining("enable.idempotence must not be false with exactly_once: true");
    }

    @Test
    void anOrderThatRetriesCanChangeIsWarnedOf() {
        ProducerSettings settings = settings(Map.of("enable.idempotence", "false", "max.in.flight", "8"));

        assertThat(settings.warnings()).anyMatch(warning -> warning.contains("can change the order per key"));
        assertThat(settings.text("max.in.flight.requests.per.connection")).isEqualTo("8");
    }

    @Test
    void aShortSendTimeoutWorksToo() {
        ProducerSettings settings = ProducerSettings.of("s", "broker:9092", 3, false, Map.of());

        assertThat(settings.text("request.timeout.ms")).isEqualTo("2995");
    }

    @Test
    void lingerBeyondTheMessageTimeoutIsAProblem() {
        assertThatThrownBy(() -> settings(Map.of("message.timeout.ms", "100", "linger.ms", "100")))
                .hasMessageContaining("message.timeout.ms (100 ms) must be more than linger.ms (100 ms)");
        accepted(load(Map.of("message.timeout.ms", "1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sasl.password",
                "ssl.key.password",
                "sasl.jaas.config",
                "ssl.key.pem",
                "sasl.pasword",
                "sasl.oauthbearer.client.secret",
                "ssl.keystore.password",
                "ssl.keystore.key"
            })
    void secretsAreNotShown(String name) {
        String shown = ClientConf.masked(Map.of(name, "hunter2"));

        assertThat(shown).doesNotContain("hunter2").contains(name);
        try {
            assertThat(settings(Map.of(name, "hunter2")).explain().toString()).doesNotContain("hunter2");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void tokensComeFromTheEndpointThatTheConfigurationNames() {
        Map<String, String> conf = Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanisms", "OAUTHBEARER",
                "sasl.oauthbearer.method", "oidc",
                "sasl.oauthbearer.client.id", "me",
                "sasl.oauthbearer.client.secret", "hush",
                "sasl.oauthbearer.scope", "kafka",
                "sasl.oauthbearer.extensions", "logicalCluster=lkc-1,identityPoolId=pool-2",
                "https.ca.location", "/etc/ca.pem",
                "sasl.oauthbearer.token.endpoint.url", "https://login.example/token");

        Map<String, Object> settings = load(conf);

        assertThat(settings)
                .containsEntry("sasl.oauthbearer.client.credentials.client.id", "me")
                .containsEntry("sasl.oauthbearer.client.credentials.client.secret", "hush")
                .containsEntry(
                        "sasl.login.callback.handler.class",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler")
                .containsEntry(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required"
                                + " extension_logicalCluster=\"lkc-1\" extension_identityPoolId=\"pool-2\""
                                + " ssl.truststore.type=\"PEM\" ssl.truststore.location=\"/etc/ca.pem\";");
        JaasContext jaas = JaasContext.loadClientContext(
                Map.of("sasl.jaas.config", new Password(String.valueOf(settings.get("sasl.jaas.config")))));
        Map<String, Object> options =
                new HashMap<>(jaas.configurationEntries().getFirst().getOptions());
        assertThat(options)
                .hasSize(4)
                .extractingByKey("ssl.truststore.location")
                .isEqualTo("/etc/ca.pem");
        assertThat(System.getProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls"))
                .contains("https://login.example/token");
        accepted(settings);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "s\"e\\cret", "semi;colon", "a b", "it's", "line\nbreak", "//no comment", "ünï"})
    void anyPasswordSurvivesTheJaasConfiguration(String password) {
        ProducerSettings settings = settings(Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "PLAIN",
                "sasl.username", "me",
                "sasl.password", password));

        JaasContext jaas = JaasContext.loadClientContext(
                Map.of("sasl.jaas.config", new Password(settings.text("sasl.jaas.config"))));

        assertThat(jaas.configurationEntries().getFirst().getOptions())
                .isEqualTo(Map.of("username", "me", "password", password));
    }

    @Test
    void kerberosBecomesALoginModule() {
        ProducerSettings settings = settings(Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "GSSAPI",
                "sasl.kerberos.principal", "forge@EXAMPLE.COM",
                "sasl.kerberos.keytab", "/etc/forge.keytab"));

        assertThat(settings.text("sasl.jaas.config"))
                .isEqualTo("com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true"
                        + " keyTab=\"/etc/forge.keytab\" principal=\"forge@EXAMPLE.COM\";");
        assertThat(settings.text("sasl.kerberos.service.name")).isEqualTo("kafka");
    }

    @Test
    void loginsThatCannotWorkAreRefused() {
        assertThatThrownBy(() -> settings(
                        Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN", "sasl.username", "only")))
                .hasMessageContaining("PLAIN needs sasl.username and sasl.password");
        assertThatThrownBy(() -> settings(Map.of(
                        "security.protocol", "SASL_SSL",
                        "sasl.mechanism", "PLAIN",
                        "sasl.jaas.config", "x.Y required;",
                        "sasl.username", "u",
                        "sasl.password", "p")))
                .hasMessageContaining("both say how to log in");
        assertThatThrownBy(() -> settings(Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "SCRAM-SHA256")))
                .hasMessageContaining("sasl.mechanism must be one of PLAIN, SCRAM-SHA-256,")
                .hasMessageContaining("but is SCRAM-SHA256");
        assertThat(settings(Map.of("sasl.mechanism", "PLAIN", "sasl.username", "u", "sasl.password", "p"))
                        .warnings())
                .anyMatch(warning -> warning.contains("nobody logs in"));
    }

    @Test
    void aHostNameCheckCanBeSwitchedOff() {
        Map<String, Object> settings =
                load(Map.of("security.protocol", "SSL", "ssl.endpoint.identification.algorithm", "none"));

        assertThat(settings).containsEntry("ssl.endpoint.identification.algorithm", "");
    }

    @Test
    void noPropertyStandsForTwoThings() {
        assertThat(LibrdkafkaProperties.all()).hasSizeGreaterThan(150).allSatisfy(property -> {
            assertThat(property.doc()).isNotBlank();
            assertThat(property.names()).isNotEmpty();
        });
    }

    private static ProducerSettings settings(Map<String, String> clientConf) {
        return ProducerSettings.of("s", "broker:9092", 60, false, clientConf);
    }

    private static Map<String, Object> load(Map<String, String> clientConf) {
        try {
            return KafkaClients.load(settings(clientConf));
        } catch (io.deltaforge.spi.Failure failure) {
            throw new AssertionError(failure);
        }
    }

    private static EffectiveSetting explained(Map<String, String> clientConf, String name) {
        return settings(clientConf).explain().stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The Java client's own judgement, timeouts included. */
    private static void accepted(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("key.serializer", ByteArraySerializer.class);
        all.put("value.serializer", ByteArraySerializer.class);
        ProducerConfig config = new ProducerConfig(all);
        assertThat((long) config.getInt("delivery.timeout.ms"))
                .isGreaterThanOrEqualTo(
                        Math.min(config.getLong("linger.ms") + config.getInt("request.timeout.ms"), Integer.MAX_VALUE));
    }
}
