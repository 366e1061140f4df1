package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of the log-capture dialect, run: lines of a log file in Kafka, and what an operator sees of it. */
class LogCaptureIT {
    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final Pattern METRIC = Pattern.compile("\\b(deltaforge|log_capturer)_[a-z_]+");

    private static final Pattern LINE = Pattern.compile("line [0-9]+");

    @TempDir
    Path directory;

    private Path log;

    @BeforeEach
    void makeLog() throws IOException {
        log = Files.createFile(Files.createDirectory(directory.resolve("logs")).resolve("app.log"));
    }

    @Test
    void theBasicSetupWithASourceRuns() throws Exception {
        Path file = written("basic-logs", "");
        Files.writeString(log, lines(0, 3000));

        Path syslog =
                Files.writeString(directory.resolve("syslog.yaml"), """
                sources: {syslog: {udp: "127.0.0.1:0"}}
                sinks: {kafka: {enabled: true, brokers: ["%s"], topic: basic-logs}}
                """.formatted(Servers.KAFKA.bootstrapServers()));

        try (DeltaForge deltaForge = DeltaForge.run(List.of(file, syslog), directory, Map.of())) {
            deltaForge.awaitDelivered(3000);
            Files.writeString(log, lines(3000, 4000), APPEND);
            await("every line in the topic, some perhaps twice with required_acks: 1")
                    .atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(messages("basic-logs")).hasSize(4000));
            deltaForge.awaitDelivered(4000);

            await("the figures of all that").atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                assertThat(deltaForge.metric("log_capturer_logs_sent_total")).isGreaterThanOrEqualTo(4000);
                assertThat(deltaForge.metric("log_capturer_kafka_batch_size_sum"))
                        .isGreaterThanOrEqualTo(4000);
                for (String metric : namedInDeploy()) {
                    assertThat(deltaForge.seriesOf(metric)).as(metric).isPositive();
                }
            });
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        }
    }

    @Test
    void levelsAndTenantsArePlacedAndTheConvertedFileGoesOnWhereTheFirstEnded() throws Exception {
        for (String topic : List.of("placed", "placed-high-priority", "placed-low-priority")) {
            Servers.KAFKA.createTopic(topic, 5, Map.of());
        }
        Path file = written("placed", """
                partitioning: {strategy: hash, key_field: tenant_id}
                required_acks: -1
                timeout: 5m
                envelope: raw
            """);
        Files.writeString(log, """
            {"level":"error","tenant_id":"acme","n":1}
            {"level":"info","tenant_id":"acme","n":2}
            level=debug tenant_id=umbrella n=3
            """);
        try (DeltaForge deltaForge = DeltaForge.run(file, directory)) {
            deltaForge.awaitDelivered(3);
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        }
        DeltaForge.Printed converted = DeltaForge.commandWithoutData("convert", file.toString());
        assertThat(converted.exitCode()).isZero();
        Path pipeline = Files.writeString(directory.resolve("converted.yaml"), converted.output());

        Files.writeString(log, "{\"level\":\"warn\",\"tenant_id\":\"acme\",\"n\":4}\n", APPEND);
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            deltaForge.awaitDelivered(1);
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        }

        assertThat(values("placed-high-priority"))
                .containsExactly("{\"level\":\"error\",\"tenant_id\":\"acme\",\"n\":1}");
        assertThat(values("placed-low-priority")).containsExactly("level=debug tenant_id=umbrella n=3");
        assertThat(values("placed"))
                .containsExactly(
                        "{\"level\":\"info\",\"tenant_id\":\"acme\",\"n\":2}",
                        "{\"level\":\"warn\",\"tenant_id\":\"acme\",\"n\":4}");
        assertThat(Servers.KAFKA.readAll("placed"))
                .map(record -> new String(record.key(), UTF_8))
                .containsOnly("acme");
    }

    /** Every metric in the alerts' and panels' expressions. */
    private static SortedSet<String> namedInDeploy() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        String alerts = Files.readString(DEPLOY.resolve("prometheus/alerts.yml"));
        String dashboard = Files.readString(DEPLOY.resolve("grafana/kafka-monitoring.json"));
        alerts.lines().filter(line -> line.strip().startsWith("expr:")).forEach(line -> addNames(line, names));
        dashboard.lines().filter(line -> line.strip().startsWith("\"expr\":")).forEach(line -> addNames(line, names));
        assertThat(names).hasSizeGreaterThan(15);
        return names;
    }

    private static void addNames(String expression, SortedSet<String> names) {
        Matcher metric = METRIC.matcher(expression);
        while (metric.find()) {
            names.add(metric.group());
        }
    }

    private static String lines(int from, int to) {
        StringBuilder lines = new StringBuilder();
        IntStream.range(from, to).forEach(n -> lines.append("line ").append(n).append('\n'));
        return lines.toString();
    }

    private static Set<String> messages(String topic) {
        Set<String> messages = new HashSet<>();
        for (String value : values(topic)) {
            Matcher line = LINE.matcher(value);
            assertThat(line.find()).as(value).isTrue();
            messages.add(line.group());
        }
        return messages;
    }

    private static List<String> values(String topic) {
        return Servers.KAFKA.readAll(topic).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private Path written(String name, String more) throws IOException {
        return Files.writeString(
                directory.resolve(name + ".yaml"),
                """
                sources:
                  logs:
                    include: ["%s/*.log"]
                sinks:
                  kafka:
                    enabled: true
                    brokers: ["%s"]
                    topic: "%s"
                """.formatted(log.getParent(), Servers.KAFKA.bootstrapServers(), name) + more);
    }
}
