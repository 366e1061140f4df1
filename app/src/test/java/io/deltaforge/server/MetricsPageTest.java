package io.deltaforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.GeneratedPage;
import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.engine.PipelineState;
import io.deltaforge.engine.PipelineStatus;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.reliability.FailureBreaker;
import io.deltaforge.sink.kafka.KafkaSink;
import io.deltaforge.sink.kafka.KafkaSinkConfig;
import io.deltaforge.sink.kafka.LevelTopics;
import io.deltaforge.sink.kafka.Partitioning;
import io.deltaforge.sink.kafka.Routing;
import io.deltaforge.source.syslog.SyslogSource;
import io.deltaforge.source.syslog.SyslogSourceConfig;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.Template;
import io.deltaforge.spi.intake.ListenAddress;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page lists what a running registry gives out, read from its text as Prometheus reads it. */
class MetricsPageTest {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (\\S+) (.*)");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+?)(?:_bucket|_count|_sum)?\\{(.*)} .*");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    private static final String HEAD = """
            # Metrics

            What `GET /metrics` gives out (Prometheus text format; `--metrics-addr`, by default http://127.0.0.1:9000/metrics).
            This page is generated from a running registry; `./check --fix` writes it anew. Every metric is there from the
            start, as 0. `pipeline` is `metadata.name`, `sink` the sink's `id`.

            What begins with `log_capturer_` has the names that dashboards of the log-capture system know: there `sink` is the sink's
            type, e.g. `kafka`, and `sink_id` its `id`.

            Histograms also have a gauge `…_max`, the largest value of the last minutes. The process itself is
            described by Micrometer's `jvm_*`, `process_*` and `system_*`.

            | metric | type | labels | |
            |---|---|---|---|
            """;

    /** One metric as it is given out. */
    private static final class Metric {
        String type = "";
        String help = "";
        final Map<String, SortedSet<String>> labels = new TreeMap<>();
    }

    @Test
    void thePageIsWhatARunningRegistryGivesOut() throws IOException {
        Map<String, Metric> metrics = read(scrape());

        assertThat(metrics).hasSizeGreaterThan(10);
        GeneratedPage.assertIs("metrics.md", page(metrics));
    }

    private static String scrape() {
        PipelineStatus status = new PipelineStatus(
                "orders",
                new PipelineState.Running(),
                "orders-db",
                0,
                0,
                0,
                null,
                List.of(new PipelineStatus.SinkStatus(
                        "kafka",
                        true,
                        0,
                        0,
                        0,
                        null,
                        null,
                        0,
                        0,
                        0,
                        PipelineStatus.QueueStatus.EMPTY,
                        FailureBreaker.State.CLOSED)));
        try (Metrics metrics = new Metrics(InstantSource.system())) {
            metrics.name("orders", Map.of("kafka", "kafka"));
            metrics.monitor("orders", List.of("kafka"));
            metrics.watch("orders", List.of("kafka"), () -> status);
            metrics.watchSource("orders", syslogSource().figures());
            metrics.watchDriver("orders", "kafka", kafkaSink().figures());
            metrics.deadLetterMonitor("orders", List.of("kafka"));
            metrics.watchDeadLetters("orders", List.of("kafka"), Map::of, Map::of);
            return metrics.scrape();
        }
    }

    private static Source syslogSource() {
        return new SyslogSource(new SyslogSourceConfig(
                "syslog",
                null,
                null,
                ListenAddress.parse("514"),
                null,
                null,
                null,
                65536,
                1000,
                null,
                SyslogSourceConfig.Zone.parse("UTC"),
                Map.of()));
    }

    private static Sink kafkaSink() {
        return new KafkaSink(new KafkaSinkConfig(
                "kafka",
                "kafka:9092",
                Template.parse("orders"),
                null,
                new NativeEnvelope(),
                new JsonEncoding(),
                true,
                false,
                false,
                "deltaforge-checkpoints",
                60,
                Map.of(),
                null,
                new Partitioning(true, Partitioning.Strategy.HASH, "tenant_id"),
                new Routing(true, null, LevelTopics.parse("true"))));
    }

    private static Map<String, Metric> read(String scrape) {
        Map<String, Metric> metrics = new TreeMap<>();
        scrape.lines()
                .filter(line -> line.contains("deltaforge_") || line.contains("log_capturer_"))
                .forEach(line -> {
                    Matcher comment = COMMENT.matcher(line);
                    Matcher sample = SAMPLE.matcher(line);
                    if (comment.matches()) {
                        Metric metric = metrics.computeIfAbsent(comment.group(2), name -> new Metric());
                        if (comment.group(1).equals("HELP")) {
                            metric.help = comment.group(3);
                        } else {
                            metric.type = comment.group(3);
                        }
                    } else if (sample.matches()) {
                        Metric metric = metrics.computeIfAbsent(sample.group(1), name -> new Metric());
                        LABEL.matcher(sample.group(2))
                                .results()
                                .forEach(label -> metric.labels
                                        .computeIfAbsent(label.group(1), name -> new TreeSet<>())
                                        .add(label.group(2)));
                    }
                });
        metrics.keySet().removeIf(name -> name.endsWith("_max"));
        return metrics;
    }

    private static String page(Map<String, Metric> metrics) {
        StringBuilder page = new StringBuilder(HEAD);
        metrics.forEach((name, metric) -> page.append("| `")
                .append(name)
                .append("` | ")
                .append(metric.type)
                .append(" | ")
                .append(metric.labels.entrySet().stream()
                        .map(MetricsPageTest::label)
                        .collect(Collectors.joining(", ")))
                .append(" | ")
                .append(metric.help)
                .append(" |\n"));
        return page.toString();
    }

    /** Labels with a fixed set of values are listed with them. */
    private static String label(Map.Entry<String, SortedSet<String>> label) {
        boolean fixed = List.of("kind", "stage", "policy", "outcome", "level").contains(label.getKey());
        return "`" + label.getKey() + "`"
                + (fixed ? label.getValue().stream().collect(Collectors.joining("`, `", " (`", "`)")) : "");
    }
}
