package io.deltaforge.bench;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench push}: how fast lines that are pushed go to Kafka. */
@Command(
        name = "push",
        mixinStandardHelpOptions = true,
        description = {
            "Sends the JSON lines of `bench logs` to DeltaForge over HTTP and as syslog over TCP, and to syslog-ng if it is"
                    + " installed, which bring them to topics of their own, one after the other, start-up included."
                    + " Prints lines/s, CPU seconds of the receiver per million lines, and its peak memory."
        })
final class PushCommand implements Callable<Integer> {
    @Option(names = "--lines", defaultValue = "4000000", description = "To be sent (default ${DEFAULT-VALUE}).")
    long lines;

    @Option(names = "--partitions", defaultValue = "4", description = "Of each topic (default ${DEFAULT-VALUE}).")
    int partitions;

    @Option(names = "--connections", defaultValue = "8", description = "Of HTTP (default ${DEFAULT-VALUE}).")
    int connections;

    @Option(
            names = "--receivers",
            split = ",",
            paramLabel = "RECEIVER",
            description = "Only these: ${COMPLETION-CANDIDATES}.")
    List<PushReceiver> receivers = List.of(PushReceiver.values());

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("deltaforge-bench");
        Path file = directory.resolve("service.log");
        LogFile.write(file, lines);
        try (KafkaCluster kafka = KafkaCluster.start(KafkaOptions.defaults());
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            for (PushReceiver receiver : receivers) {
                String name = "%-17s"
                        .formatted(receiver.name().toLowerCase(Locale.ROOT).replace('_', '-'));
                if (receiver.isInstalled()) {
                    measure(receiver, admin, kafka.bootstrapServers(), file).print(name, receiver.what(), lines);
                } else {
                    System.out.println(name + " is not installed");
                }
            }
        } finally {
            TemporaryFiles.delete(directory);
        }
        return 0;
    }

    private Shipment.Result measure(PushReceiver receiver, Admin admin, String address, Path file)
            throws IOException, InterruptedException {
        String topic = "bench.push." + System.nanoTime();
        Path directory = Files.createTempDirectory("deltaforge-bench-run");
        int port = Run.freePort();
        Thread pushing = Thread.ofVirtual().unstarted(() -> push(receiver, new PushClient(file, port, connections)));
        try {
            Shipment shipment = new Shipment(admin, List.of(topic), partitions);
            pushing.start();
            if (!receiver.isOurs()) {
                List<String> command = receiver.command(file, port, directory, address, topic);
                return shipment.by(command, lines, directory.resolve("log"));
            }
            long startNanos = System.nanoTime();
            try (Run run = Run.start(receiver.pipeline(port, directory, address, topic), directory)) {
                ProcessHandle process = ProcessHandle.of(run.pid()).orElseThrow();
                return shipment.await(process, startNanos, lines, run.logFile());
            }
        } finally {
            pushing.interrupt();
            admin.deleteTopics(List.of(topic));
            TemporaryFiles.delete(directory);
        }
    }

    private static void push(PushReceiver receiver, PushClient client) {
        try {
            receiver.push(client);
        } catch (IOException e) {
            System.out.println("                  not all was sent: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
