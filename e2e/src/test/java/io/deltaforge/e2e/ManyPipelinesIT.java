package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More pipelines in one process than its heap could give queues of the usual size. */
class ManyPipelinesIT {
    private static final int PIPELINES = 12;
    private static final int LINES = 150_000;
    private static final String PAD = "x".repeat(180);
    private static final String[] HEAP = {"-Xmx96m", "-XX:+ExitOnOutOfMemoryError"};

    @TempDir
    Path directory;

    private List<Path> pipelines(Path log, String broker, String more) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < PIPELINES; i++) {
            files.add(Files.writeString(directory.resolve("many" + i + ".yaml"), """
                    name: many%d
                    sources:
                      logs: {include: ["%s"]}
                    sinks:
                      kafka: {enabled: true, brokers: ["%s"], topic: many, queue_size: 1000000%s}
                    """.formatted(i, log, broker, more)));
        }
        return files;
    }

    /** With as many keys as there are lines. */
    private static String lines(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"k\":\"%d\",\"pad\":\"%s\"}%n".formatted(i, PAD))
                .collect(Collectors.joining());
    }

    @Test
    void withTheBrokerAwayAllQueuesTogetherFitTheHeap() throws Exception {
        Path log = Files.writeString(directory.resolve("app.log"), (PAD + "\n").repeat(LINES));
        List<Path> files = pipelines(log, "127.0.0.1:1", "");

        try (DeltaForge deltaForge = DeltaForge.run(files, directory, Map.of(), HEAP)) {
            awaitFullQueues(deltaForge);

            assertThat(deltaForge.log())
                    .contains("12 sinks share a heap of")
                    .contains("DELTAFORGE_OPTS=-Xmx501m gives them 16");
        }
    }

    /** A producer has a buffer for each partition, and more for its compression: for many, more than the queues hold. */
    @Test
    void whatIsBeingSentToManyPartitionsFitsTheHeapToo() throws Exception {
        Servers.KAFKA.createTopic("many", 100, Map.of());
        Path log = Files.writeString(directory.resolve("app.log"), lines(0, 2_000));
        List<Path> files =
                pipelines(log, Servers.KAFKA.bootstrapServers(), ", required_acks: -1, partitioning: {key_field: k}");

        try (DeltaForge deltaForge = DeltaForge.run(files, directory, Map.of(), HEAP)) {
            deltaForge.awaitDelivered(2_000 * PIPELINES);
            Servers.KAFKA.stopBroker(1);
            try {
                Files.writeString(log, lines(2_000, 20_000), StandardOpenOption.APPEND);
                awaitFullQueues(deltaForge);
            } finally {
                Servers.KAFKA.startBroker(1);
            }
            deltaForge.awaitDelivered(20_000 * PIPELINES);
        }
    }

    private static void awaitFullQueues(DeltaForge deltaForge) {
        await("every source to wait").atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            assertThat(deltaForge.isAlive()).as(deltaForge.log()).isTrue();
            assertThat(deltaForge.metric("deltaforge_sink_queue_utilization")).isGreaterThan(0.9 * PIPELINES);
        });
    }
}
