package io.deltaforge.bench;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench soak}: logs go on being written while a broker is away. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = {
            "Writes log files at a steady rate, stops the broker for a while and starts it again, and then reads the topic:"
                    + " every line must be there, those of a key in order. Prints what DeltaForge holds and needs meanwhile."
                    + " Exit code 1 when a line is missing, out of order, or (with --exactly-once) there twice."
        })
final class SoakCommand implements Callable<Integer> {
    private static final int FILES = 10;
    private static final int PARTITIONS = 4;
    private static final Duration PRINT_EVERY = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(200);
    private static final String TOPIC = "soak";
    private static final String FIRST = "kafka";
    private static final String SECOND = "second";

    @Option(names = "--lines-per-second", defaultValue = "5000", description = "Written (default ${DEFAULT-VALUE}).")
    int rate;

    @Option(names = "--down-seconds", defaultValue = "600", description = "Of the broker (default ${DEFAULT-VALUE}).")
    int downSeconds;

    @Option(
            names = "--around-seconds",
            defaultValue = "30",
            description = "Before it and after it, while lines are written too (default ${DEFAULT-VALUE}).")
    int aroundSeconds;

    @Option(names = "--exactly-once", description = "In transactions; without it, some lines may be there twice.")
    boolean exactlyOnce;

    @Option(
            names = "--optional-sink",
            description =
                    "What is away is the broker of a second sink, which is not required: the first must not notice.")
    boolean optionalSink;

    /** A sink, and the cluster that it sends to. */
    private record Target(String sink, KafkaCluster kafka, boolean required) {}

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("deltaforge-soak");
        try (KafkaCluster kafka = KafkaCluster.start(KafkaOptions.defaults())) {
            if (!optionalSink) {
                return soak(List.of(new Target(FIRST, kafka, true)), directory);
            }
            try (KafkaCluster second = KafkaCluster.start(KafkaOptions.defaults())) {
                return soak(List.of(new Target(FIRST, kafka, true), new Target(SECOND, second, false)), directory);
            }
        } finally {
            TemporaryFiles.delete(directory);
        }
    }

    private int soak(List<Target> targets, Path directory) throws IOException {
        for (Target target : targets) {
            target.kafka().createTopic(TOPIC, PARTITIONS, Map.of());
        }
        KafkaCluster away = targets.getLast().kafka();
        Path logs = Files.createDirectory(directory.resolve("logs"));
        try (SoakLog log = SoakLog.begin(logs, FILES, rate);
                Run run = Run.start(pipeline(targets, logs, directory), directory)) {
            watch(run, log, targets, "broker up", aroundSeconds);
            away.stopBroker(1);
            watch(run, log, targets, "broker down", downSeconds);
            away.startBroker(1);
            long backNanos = System.nanoTime();
            watch(run, log, targets, "broker back", aroundSeconds);
            log.stop();
            int code = 0;
            for (Target target : targets) {
                SoakReader.Result result = SoakReader.read(target.kafka().bootstrapServers(), TOPIC, log.written());
                code |= report(target, result, log.written(), Duration.ofNanos(System.nanoTime() - backNanos));
            }
            run.warnings().forEach(line -> System.out.println("it logged: " + line));
            return code;
        }
    }

    private static void watch(Run run, SoakLog log, List<Target> targets, String phase, int seconds)
            throws IOException {
        long startNanos = System.nanoTime();
        long printedNanos = startNanos;
        while (System.nanoTime() - startNanos < Duration.ofSeconds(seconds).toNanos()) {
            if (!run.isAlive()) {
                throw new IOException("the run has ended; its log:\n" + run.log());
            }
            if (System.nanoTime() - printedNanos >= PRINT_EVERY.toNanos()) {
                printedNanos = System.nanoTime();
                System.out.printf("%-12s %s%n", phase, line(run, log, targets));
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        System.out.printf("%-12s %s%n", phase, line(run, log, targets));
    }

    private static String line(Run run, SoakLog log, List<Target> targets) throws IOException {
        StringBuilder line = new StringBuilder("written %,d".formatted(log.written()));
        for (Target target : targets) {
            line.append(", %s delivered %,d"
                    .formatted(target.sink(), run.metric("deltaforge_sink_events_total", target.sink())));
        }
        Measured cost = Measured.of(run.pid());
        return line.append(", unread %.1f MB, spooled %.1f MB, RSS %d MiB (peak %d)"
                        .formatted(
                                run.metric("deltaforge_source_lag_bytes") / 1e6,
                                run.metric("deltaforge_spool_bytes") / 1e6,
                                cost.rssBytes() >> 20,
                                cost.peakRssBytes() >> 20))
                .toString();
    }

    private int report(Target target, SoakReader.Result result, long written, Duration sinceBack) {
        System.out.printf(
                "%s: all read %d s after the broker was back: %,d lines written, %,d missing, %,d out of order,"
                        + " %,d there twice%n",
                target.sink(),
                sinceBack.toSeconds(),
                written,
                result.missing(),
                result.outOfOrder(),
                result.repeated());
        return result.missing() == 0 && result.outOfOrder() == 0 && (result.repeated() == 0 || !exactlyOnce) ? 0 : 1;
    }

    private Path pipeline(List<Target> targets, Path logs, Path directory) throws IOException {
        StringBuilder yaml = new StringBuilder("""
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata:
                  name: soak
                spec:
                  source:
                    type: logs
                    config:
                      id: files
                      include: ["%s/*.log"]
                  sinks:
                """.formatted(logs));
        for (Target target : targets) {
            yaml.append("""
                    - type: kafka
                      config:
                        id: %s
                        required: %b
                        brokers: %s
                        topic: %s
                        envelope: raw
                        exactly_once: %b
                        partitioning: {enabled: true, strategy: hash, key_field: key}
                        circuit_breaker: {enabled: true}
                """.formatted(
                            target.sink(), target.required(), target.kafka().bootstrapServers(), TOPIC, exactlyOnce));
        }
        return Files.writeString(directory.resolve("soak.yaml"), yaml);
    }
}
