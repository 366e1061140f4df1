package io.deltaforge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.BuiltIns;
import io.deltaforge.spi.SinkPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine reads among a sink's own settings. */
class SinkPolicyFilesTest {
    private static final String PIPELINE = """
            apiVersion: deltaforge/v1
            kind: Pipeline
            metadata: {name: orders}
            spec:
              source:
                type: postgres
                config:
                  id: orders-db
                  dsn: postgres://shop:pa55word@localhost/shop
                  slot: orders
                  publication: orders
                  tables: [public.orders]
              sinks:
                - type: TYPE
                  config:
                    CONFIG
            """;
    private static final String KAFKA = """
                    id: main
                    brokers: "localhost:9092"
                    topic: orders
            """.stripLeading();
    private static final String JOURNAL = "  journal: {enabled: true}\n";

    @TempDir
    Path directory;

    private PipelineFiles.Loaded load(String type, String config, String more) throws IOException {
        Path file = Files.writeString(
                directory.resolve("pipeline.yaml"),
                PIPELINE.replace("TYPE", type).replace("CONFIG", config) + more);
        return new PipelineFiles(BuiltIns.shipped(), Map.of()).load(List.of(file));
    }

    private SinkPolicy policy(String settings, String more) throws IOException {
        PipelineFiles.Loaded loaded = load("kafka", KAFKA + settings, more);
        assertThat(loaded.problems()).isEmpty();
        return loaded.pipelines().getFirst().policies().get("main");
    }

    private List<String> problems(String settings, String more) throws IOException {
        return load("kafka", KAFKA + settings, more).problems().stream()
                .map(Problem::toString)
                .map(problem -> problem.substring(problem.indexOf(':') + 1))
                .toList();
    }

    private static String settings(String text) {
        return text.indent(8);
    }

    @Test
    void whatIsLeftOutIsAsBefore() throws IOException {
        assertThat(policy("", "")).isEqualTo(SinkPolicy.NONE);
    }

    @Test
    void everySettingWithItsUnit() throws IOException {
        assertThat(policy(settings("""
                queue_size: 50000
                retry_max: 3
                backpressure: {enabled: true, queue_warning_threshold: 0.5, queue_critical_threshold: 0.6, queue_emergency_threshold: 0.7, timeout_escalation: false, on_emergency: drop}
                circuit_breaker: {enabled: true, failure_threshold: 5, success_threshold: 1, timeout: 100ms}
                dlq: {send_on_error: true, send_on_timeout: true}
                """), JOURNAL))
                .isEqualTo(new SinkPolicy(
                        50_000,
                        3,
                        new SinkPolicy.Backpressure(true, 0.5, 0.6, 0.7, false, SinkPolicy.OnEmergency.DROP),
                        new SinkPolicy.CircuitBreaker(true, 5, 1, Duration.ofMillis(100)),
                        new SinkPolicy.Letters(true, true)));
    }

    @Test
    void theDefaultsOfEmptyBlocks() throws IOException {
        assertThat(policy(settings("backpressure: {}\ncircuit_breaker: {}\ndlq: {}\n"), ""))
                .isEqualTo(new SinkPolicy(
                        null,
                        null,
                        new SinkPolicy.Backpressure(true, 0.75, 0.90, 0.95, true, null),
                        new SinkPolicy.CircuitBreaker(true, 10, 2, Duration.ofSeconds(60)),
                        new SinkPolicy.Letters(false, false)));
    }

    @Test
    void anyTypeOfSinkTakesThem() throws IOException {
        PipelineFiles.Loaded loaded =
                load("http", "id: hook\n        url: http://localhost:1/hook\n        queue_size: 10\n", "");

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.pipelines().getFirst().policies().get("hook").queueSize())
                .isEqualTo(10);
    }

    @Test
    void deadLettersWithoutAQueueAreAMistakeThatSaysWhatToWrite() throws IOException {
        assertThat(problems(settings("dlq: {send_on_timeout: true}\nbackpressure: {on_emergency: dlq}\n"), ""))
                .containsExactly(
                        "19 spec.sinks[0].config.dlq: send_on_error and send_on_timeout need a dead letter queue that keeps"
                                + " whole events to send them again (set spec.journal.enabled: true)",
                        "20 spec.sinks[0].config.backpressure.on_emergency: on_emergency: dlq needs a dead letter queue"
                                + " that keeps whole events to send them again (set spec.journal.enabled: true)");
    }

    @Test
    void aTopicIsNoQueueToSendAgainFrom() throws IOException {
        assertThat(problems(settings("dlq: {send_on_error: true}\n"), "  dlq: {type: kafka, topic: dead}\n"))
                .singleElement()
                .asString()
                .contains("which a topic does not")
                .contains("use spec.journal (enabled: true) in place of spec.dlq");
    }

    @Test
    void aWholeBatchMustFitIntoTheQueue() throws IOException {
        assertThat(problems(
                        settings("dlq: {send_on_error: true}\n"),
                        "  journal: {enabled: true, dlq: {max_entries: 100}}\n"))
                .singleElement()
                .asString()
                .contains("max_entries (100) is less than spec.batch.max_events (2000)");
    }

    @Test
    void mistakesAreToldWhereTheyAre() throws IOException {
        assertThat(problems(settings("""
                queue_sise: 10
                retry_max: -1
                backpressure: {queue_warning_threshold: 0.99}
                circuit_breaker: {timeout: 60}
                """), ""))
                .anyMatch(line -> line.contains("queue_sise: unknown key (did you mean queue_size?)"))
                .anyMatch(line -> line.contains("config.backpressure") && line.contains("must be above"))
                .anyMatch(line -> line.contains("circuit_breaker.timeout: expected a duration"));
        assertThat(problems(settings("retry_max: -1\n"), ""))
                .singleElement()
                .asString()
                .startsWith("19 spec.sinks[0].config.retry_max: retry_max must not");
    }
}
