package io.deltaforge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.file.StandardOpenOption.APPEND;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench files}: many log files are watched, of which few are written. */
@Command(
        name = "files",
        mixinStandardHelpOptions = true,
        description = {
            "Watches many log files. Prints the CPU that this takes while nobody writes; then writes into some of them at a"
                    + " steady rate, and measures for each line the time from its writing until a consumer has it."
        })
final class FilesCommand implements Callable<Integer> {
    private static final int FILES_A_DIRECTORY = 500;
    private static final String TOPIC = "bench.files";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Option(names = "--files", defaultValue = "10000", description = "Watched (default ${DEFAULT-VALUE}).")
    int files;

    @Option(names = "--busy", defaultValue = "100", description = "Written to in turn (default ${DEFAULT-VALUE}).")
    int busy;

    @Option(
            names = "--lines-per-second",
            defaultValue = "1000",
            description = "In all files together (default ${DEFAULT-VALUE}).")
    int rate;

    @Option(
            names = "--seconds",
            defaultValue = "40",
            description = "Measured, with nobody writing and then with lines coming, each after half as many to warm up"
                    + " (default ${DEFAULT-VALUE}).")
    int seconds;

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("deltaforge-bench");
        try (KafkaCluster kafka = KafkaCluster.start(KafkaOptions.defaults())) {
            kafka.createTopic(TOPIC, 4, Map.of());
            List<Path> logs = makeFiles(directory.resolve("logs"));
            Path pipeline = Files.writeString(
                    directory.resolve("files.yaml"), """
                    name: files
                    sources:
                      logs: {include: ["%s/logs/**/*.log"]}
                    sinks:
                      kafka: {enabled: true, brokers: ["%s"], topic: %s, required_acks: -1, envelope: raw}
                    """.formatted(directory, kafka.bootstrapServers(), TOPIC));
            try (Run run = Run.start(pipeline, directory)) {
                awaitDelivered(run, files);
                measureIdle(run);
                measureBusy(run, logs, kafka.bootstrapServers());
                run.warnings().forEach(line -> System.out.println("it logged: " + line));
            }
        } finally {
            TemporaryFiles.delete(directory);
        }
        return 0;
    }

    /** Of a line each; returns those that will be written to, from all directories. */
    private List<Path> makeFiles(Path root) throws IOException {
        List<Path> written = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            Path directory = root.resolve("host-" + i / FILES_A_DIRECTORY);
            if (i % FILES_A_DIRECTORY == 0) {
                Files.createDirectories(directory);
            }
            Path file = Files.writeString(directory.resolve("service-" + i + ".log"), "began as number " + i + "\n");
            if ((long) i * busy / files != (long) (i + 1) * busy / files) {
                written.add(file);
            }
        }
        return written;
    }

    private static void awaitDelivered(Run run, long lines) throws IOException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (run.metric("deltaforge_sink_events_total") < lines) {
            if (!run.isAlive() || System.nanoTime() > deadlineNanos) {
                throw new IOException("the run does not deliver; its log:\n" + run.log());
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
    }

    private void measureIdle(Run run) throws IOException {
        LockSupport.parkNanos(
                Duration.ofSeconds(seconds).toNanos() / 2); // what was just started is still being compiled
        Measured before = Measured.of(run.pid());
        LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
        Measured after = Measured.of(run.pid());
        System.out.printf(
                "%,d files, nobody writes: %.2f %% of a core over %d s, %d MiB RSS%n",
                files, after.cpu().minus(before.cpu()).toNanos() / 1e7 / seconds, seconds, after.rssBytes() >> 20);
    }

    private void measureBusy(Run run, List<Path> logs, String brokers) throws IOException {
        try (LineClock clock = LineClock.over(brokers, TOPIC)) {
            long warmUp = (long) rate * seconds / 2;
            long all = warmUp + (long) rate * seconds;
            Measured before = Measured.of(run.pid());
            write(logs, all);
            System.out.printf(
                    "%,d of them written to, %,d lines/s: %s; %.1f %% of a core%n",
                    logs.size(),
                    rate,
                    new Latencies(clock.latencies(all, warmUp)),
                    Measured.of(run.pid()).cpu().minus(before.cpu()).toNanos() / 1e7 * rate / all);
        }
    }

    /** Each line says when it was written. */
    private void write(List<Path> logs, long lines) throws IOException {
        List<OutputStream> streams = new ArrayList<>();
        try {
            for (Path log : logs) {
                streams.add(Files.newOutputStream(log, APPEND));
            }
            long startNanos = System.nanoTime();
            for (long i = 0; i < lines; i++) {
                LockSupport.parkNanos(startNanos + i * 1_000_000_000L / rate - System.nanoTime());
                byte[] line = LineClock.line(System.nanoTime()).getBytes(US_ASCII);
                streams.get((int) (i % streams.size())).write(line);
            }
        } finally {
            for (OutputStream stream : streams) {
                stream.close();
            }
        }
    }
}
