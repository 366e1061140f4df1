package io.deltaforge.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.deltaforge.BuiltIns;
import io.deltaforge.config.PipelineConfig;
import io.deltaforge.config.PipelineFiles;
import io.deltaforge.server.Address;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * {@code deltaforge train}, for the launcher: does for two seconds what {@code run} does, with a database and a broker that
 * are away, so that the JVM can write the classes of a start into its archive.
 */
@Command(name = "train", hidden = true, description = "Runs a pipeline to nowhere; the launcher's training run.")
final class TrainCommand implements Callable<Integer> {
    private static final String PIPELINE = """
            apiVersion: deltaforge/v1
            kind: Pipeline
            metadata: {name: training}
            spec:
              source:
                type: postgres
                config:
                  id: training
                  dsn: ${DSN}
                  slot: training
                  publication: training
                  tables: [public.%]
              sinks:
                - type: kafka
                  config: {id: training, brokers: "127.0.0.1:1", topic: "training.${source.table}", envelope: {type: debezium}}
              batch: {max_ms: 100, respect_source_tx: true}
              commit_policy: {mode: required}
            """;

    private static final Address ANY = new Address("127.0.0.1", 0);

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("deltaforge-train");
        try {
            return train(directory);
        } finally {
            delete(directory);
        }
    }

    private static int train(Path directory) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("training.yaml"), PIPELINE);
        Map<String, String> environment = Map.of("DSN", "postgres://training:training@127.0.0.1:1/training");
        List<PipelineConfig> pipelines = new PipelineFiles(BuiltIns.all(), environment)
                .load(List.of(file))
                .pipelines();
        try (DataDirectory data = DataDirectory.take(directory.resolve("data"));
                Run run = Run.start(pipelines, data, ANY, ANY, Duration.ofSeconds(1))) {
            StopSignals.install(run::stop);
            run.controlPlane().ready().join();
            ask(run.controlPlane().apiAddress(), "/health");
            ask(run.controlPlane().apiAddress(), "/pipelines/training");
            ask(run.controlPlane().metricsAddress(), "/metrics");
            Executor soon = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);
            soon.execute(run::stop);
            return run.awaitEnd() ? ExitCode.OK : ExitCode.FATAL;
        }
    }

    private static void ask(InetSocketAddress address, String path) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
