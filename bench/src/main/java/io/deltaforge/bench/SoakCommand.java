package io.deltaforge.bench;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench soak}: logs go on being written while the broker is away. */
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

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("deltaforge-soak");
        try (KafkaCluster kafka = KafkaCluster.start(KafkaOptions.defaults())) {
            kafka.createTopic(TOPIC, PARTITIONS, Map.of());
            return soak(kafka, directory);
        } finally {
            TemporaryFiles.delete(directory);
        }
    }

    private int soak(KafkaCluster kafka, Path directory) throws IOException {
        Path logs = Files.createDirectory(directory.resolve("logs"));
        try (SoakLog log = SoakLog.begin(logs, FILES, rate);
                Run run = Run.start(pipeline(kafka, logs, directory), directory)) {
            watch(run, log, "broker up", aroundSeconds);
            kafka.stopBroker(1);
            watch(run, log, "broker down", downSeconds);
            kafka.startBroker(1);
            long backNanos = System.nanoTime();
            watch(run, log, "broker back", aroundSeconds);
            log.stop();
            SoakReader.Result result = SoakReader.read(kafka.bootstrapServers(), TOPIC, log.written());
            return report(result, log.written(), Duration.ofNanos(System.nanoTime() - backNanos), run);
        }
    }

    private void watch(Run run, SoakLog log, String phase, int seconds) throws IOException {
        long startNanos = System.nanoTime();
        long printedNanos = startNanos;
        while (System.nanoTime() - startNanos < Duration.ofSeconds(seconds).toNanos()) {
            if (!run.isAlive()) {
                throw new IOException("the run has ended; its log:\n" + run.log());
            }
            if (System.nanoTime() - printedNanos >= PRINT_EVERY.toNanos()) {
                printedNanos = System.nanoTime();
                System.out.printf("%-12s %s%n", phase, line(run, log));
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        System.out.printf("%-12s %s%n", phase, line(run, log));
    }

    private static String line(Run run, SoakLog log) throws IOException {
        Measured cost = Measured.of(run.pid());
        return "written %,d, delivered %,d, unread %.1f MB, RSS %d MiB (peak %d)"
                .formatted(
                        log.written(),
                        run.metric("deltaforge_sink_events_total"),
                        run.metric("deltaforge_source_lag_bytes") / 1e6,
                        cost.rssBytes() >> 20,
                        cost.peakRssBytes() >> 20);
    }

    private int report(SoakReader.Result result, long written, Duration sinceBack, Run run) throws IOException {
        System.out.printf(
                "all read %d s after the broker was back: %,d lines written, %,d missing, %,d out of order, %,d there twice%n",
                sinceBack.toSeconds(), written, result.missing(), result.outOfOrder(), result.repeated());
        run.warnings().forEach(line -> System.out.println("it logged: " + line));
        return result.missing() == 0 && result.outOfOrder() == 0 && (result.repeated() == 0 || !exactlyOnce) ? 0 : 1;
    }

    private Path pipeline(KafkaCluster kafka, Path logs, Path directory) throws IOException {
        return Files.writeString(
                directory.resolve("soak.yaml"), """
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
                    - type: kafka
                      config:
                        id: kafka
                        brokers: %s
                        topic: %s
                        envelope: raw
                        exactly_once: %b
                        partitioning: {enabled: true, strategy: hash, key_field: key}
                        circuit_breaker: {enabled: true}
                """.formatted(logs, kafka.bootstrapServers(), TOPIC, exactlyOnce));
    }
}
