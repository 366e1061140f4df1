package io.deltaforge.bench;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench logs}: how fast a log file goes to Kafka, beside the log shippers that are installed. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a log of JSON lines of 200 bytes and lets DeltaForge and every other shipper that is installed"
                    + " (kcat, syslog-ng, rsyslog) bring it to topics of its own, one after the other, start-up included."
                    + " Prints lines/s, CPU seconds per million lines, and peak memory."
        })
final class LogsCommand implements Callable<Integer> {
    @Option(names = "--lines", defaultValue = "4000000", description = "In the log (default ${DEFAULT-VALUE}).")
    long lines;

    @Option(names = "--partitions", defaultValue = "4", description = "Of each topic (default ${DEFAULT-VALUE}).")
    int partitions;

    @Option(
            names = "--shippers",
            split = ",",
            paramLabel = "SHIPPER",
            description = "Only these: ${COMPLETION-CANDIDATES}.")
    List<LogShipper> shippers = List.of(LogShipper.values());

    @Option(
            names = "--compression",
            split = ",",
            paramLabel = "TYPE",
            defaultValue = "none",
            description = "Ours once with each: none, gzip, snappy, lz4, zstd (default ${DEFAULT-VALUE}).")
    List<String> compressions = List.of("none");

    @Option(names = "--rounds", defaultValue = "1", description = "All of it again so many times.")
    int rounds;

    @Option(names = "--brokers", description = "An existing Kafka, instead of a sandbox's.")
    @Nullable
    String brokers;

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("deltaforge-bench");
        Path file = directory.resolve("service.log");
        System.out.printf("writing %,d lines of %d bytes…%n", lines, LogFile.LINE_BYTES);
        LogFile.write(file, lines);
        try {
            if (brokers != null) {
                measure(brokers, file);
            } else {
                try (KafkaCluster kafka = KafkaCluster.start(KafkaOptions.defaults())) {
                    measure(kafka.bootstrapServers(), file);
                }
            }
        } finally {
            TemporaryFiles.delete(directory);
        }
        return 0;
    }

    private void measure(String address, Path file) throws IOException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
            for (int round = 0; round < rounds; round++) {
                round(admin, address, file);
            }
        }
    }

    private void round(Admin admin, String address, Path file) throws IOException, InterruptedException {
        for (LogShipper shipper : shippers) {
            if (!shipper.isInstalled()) {
                System.out.printf("%-17s is not installed%n", shipper);
                continue;
            }
            for (String compression : shipper.isOurs() ? compressions : List.of("none")) {
                ship(shipper, compression, admin, address, file);
            }
        }
    }

    private void ship(LogShipper shipper, String compression, Admin admin, String address, Path file)
            throws IOException, InterruptedException {
        String topic = "bench.logs." + System.nanoTime();
        List<String> topics = new ArrayList<>(List.of(topic));
        if (shipper == LogShipper.DELTAFORGE_LEVEL) {
            topics.addAll(List.of(topic + "-high-priority", topic + "-low-priority"));
        }
        Path directory = Files.createTempDirectory("deltaforge-bench-run");
        try {
            Shipment shipment = new Shipment(admin, topics, partitions);
            if (shipper.isOurs()) {
                Path pipeline = shipper.pipeline(file, directory, address, topic, compression);
                long startNanos = System.nanoTime();
                try (Run run = Run.start(pipeline, directory)) {
                    ProcessHandle process = ProcessHandle.of(run.pid()).orElseThrow();
                    Shipment.Result result = shipment.await(process, startNanos, lines, run.logFile());
                    print(shipper, compression, result);
                    printProducer(run, result);
                    run.warnings().forEach(line -> System.out.println("                  it logged: " + line));
                }
            } else {
                List<String> command = shipper.command(file, directory, address, topic);
                print(shipper, compression, shipment.by(command, lines, directory.resolve("log")));
            }
        } finally {
            admin.deleteTopics(topics);
            TemporaryFiles.delete(directory);
        }
    }

    private void print(LogShipper shipper, String compression, Shipment.Result result) {
        String name = shipper.name().toLowerCase(Locale.ROOT).replace('_', '-');
        result.print("%-17s %-7s".formatted(name, compression), shipper.what(), lines);
    }

    private static void printProducer(Run run, Shipment.Result result) {
        double ratio = 1 / Math.max(0.001, run.figure("deltaforge_kafka_producer_compression_ratio_avg"));
        double megabytes = result.perSecond() * LogFile.LINE_BYTES / 1e6;
        System.out.printf(
                "                  sink p99 %.0f ms, %.1f MB/s of log, %.1f MB/s sent, compression ratio %.1f%n",
                run.quantile("deltaforge_sink_latency_seconds", 0.99) * 1e3, megabytes, megabytes / ratio, ratio);
    }
}
