package io.deltaforge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.BuiltIns;
import io.deltaforge.spi.EffectiveSetting;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of the log-capture dialect, and the pipeline files that they become, load with what ships. */
class LogCaptureFilesTest {
    private static final Path FOLDER = Path.of("src", "test", "resources", "logcapture");
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "KAFKA_USERNAME", "log-capturer",
            "KAFKA_PASSWORD", "super-secret-password",
            "KAFKA_BROKERS", "kafka1:9092",
            "QUEUE_SIZE", "1000");

    @TempDir
    Path directory;

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void load(Path file) {
        assertThat(loaded(file).problems()).isEmpty();
    }

    @Test
    void bothSayTheSame() {
        PipelineConfig written =
                loaded(FOLDER.resolve("complete.yaml")).pipelines().getFirst();
        PipelineConfig converted =
                loaded(FOLDER.resolve("canonical/complete.yaml")).pipelines().getFirst();

        assertThat(written.name()).isEqualTo("complete").isEqualTo(converted.name());
        assertThat(written.batch()).isEqualTo(converted.batch());
        assertThat(written.policies()).isEqualTo(converted.policies());
        assertThat(written.journal()).isEqualTo(converted.journal());
        assertThat(settings(written)).isEqualTo(settings(converted));
    }

    @Test
    void theBasicSetupHasThePagesDefaults() {
        PipelineConfig basic =
                loaded(FOLDER.resolve("basic-setup.yaml")).pipelines().getFirst();

        assertThat(basic.sinks()).extracting(Sink::id).containsExactly("kafka");
        assertThat(basic.batch().maxEvents()).isEqualTo(1000);
        assertThat(basic.batch().maxMs()).isEqualTo(5000);
        assertThat(basic.journal().enabled()).isFalse();
        SinkPolicy policy = basic.policies().get("kafka");
        assertThat(policy.queueSize()).isEqualTo(50_000);
        assertThat(policy.retryMax()).isEqualTo(3);
        assertThat(policy.circuitBreaker())
                .isEqualTo(new SinkPolicy.CircuitBreaker(true, 10, 2, Duration.ofSeconds(60)));
        assertThat(policy.backpressure()).isEqualTo(new SinkPolicy.Backpressure(true, 0.75, 0.90, 0.95, true, null));
        assertThat(setting(basic, "acks")).contains("1");
        assertThat(setting(basic, "enable.idempotence")).contains("false");
        assertThat(setting(basic, "max.in.flight.requests.per.connection")).contains("1");
        assertThat(setting(basic, "compression.type")).contains("none");
        assertThat(setting(basic, "max.request.size")).contains("1048576");
        assertThat(setting(basic, "delivery.timeout.ms")).contains("30000");
    }

    @Test
    void securityIsTheProducers() {
        PipelineConfig complete =
                loaded(FOLDER.resolve("complete.yaml")).pipelines().getFirst();

        assertThat(setting(complete, "security.protocol")).contains("SASL_SSL");
        assertThat(setting(complete, "sasl.mechanism")).contains("SCRAM-SHA-256");
        assertThat(setting(complete, "sasl.jaas.config")).contains("***");
        assertThat(setting(complete, "ssl.truststore.location")).contains("/etc/ssl/certs/ca.crt");
    }

    @Test
    void whateverAnswersIsTrustedOnlyWhereTheFileSaysSo() {
        Optional<String> checks =
                setting(loaded(FOLDER.resolve("tls-server.yaml")).pipelines().getFirst(), "ssl.engine.factory.class");
        Optional<String> trusts = setting(
                loaded(FOLDER.resolve("more-than-the-page.yaml")).pipelines().getFirst(), "ssl.engine.factory.class");

        assertThat(checks.orElseThrow()).doesNotContain("TrustAll");
        assertThat(trusts.orElseThrow()).contains("TrustAll");
    }

    @Test
    void mistakesThatOnlyThePipelineShowsAreToldInTheFilesOwnWords() throws IOException {
        Path file = Files.writeString(directory.resolve("logs.yaml"), """
                sources:
                  logs: {include: [/var/log/*.log], read_form: end}
                sinks:
                  kafka:
                    enabled: true
                    brokers: [kafka:9092]
                    topic: log files
                    routing: {by_levle: true}
                    circuit_breaker: {failure_threshold: 0}
                    client_conf: {linger.sm: 5}
                """);

        List<String> problems = loaded(file).problems().stream()
                .map(problem -> problem.toString().substring(file.toString().length()))
                .toList();

        assertThat(problems)
                .contains(
                        ":2 sources.logs.read_form: unknown key (did you mean read_from?)",
                        ":8 sinks.kafka.routing.by_levle: unknown key (did you mean by_level?)",
                        ":9 sinks.kafka.circuit_breaker.failure_threshold: failure_threshold must be at least 1")
                .noneMatch(problem -> problem.contains("spec."));
    }

    @Test
    void whatTheSinkItselfFindsIsToldAtItsOrigin() throws IOException {
        Path file = Files.writeString(directory.resolve("logs.yaml"), """
                sources: {logs: {include: [/var/log/*.log]}}
                sinks:
                  kafka:
                    enabled: true
                    brokers: [kafka:9092]
                    topic: log files
                """);

        assertThat(loaded(file).problems())
                .singleElement()
                .asString()
                .contains("logs.yaml:6 sinks.kafka.topic: topic must be 1 to 249 of the characters");
    }

    private static PipelineFiles.Loaded loaded(Path file) {
        return new PipelineFiles(BuiltIns.shipped(), ENVIRONMENT).load(List.of(file));
    }

    private static List<EffectiveSetting> settings(PipelineConfig pipeline) {
        return pipeline.sinks().getFirst().effectiveSettings().orElseThrow().effectiveSettings(pipeline.name());
    }

    private static Optional<String> setting(PipelineConfig pipeline, String name) {
        return settings(pipeline).stream()
                .filter(setting -> setting.name().equals(name))
                .map(EffectiveSetting::value)
                .findFirst();
    }
}
