package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More pipelines in one process than its heap could give queues of the usual size. */
class ManyPipelinesIT {
    private static final int PIPELINES = 12;
    private static final int LINES = 150_000;

    @TempDir
    Path directory;

    /** @param broker nothing listens there */
    private Path pipeline(int number, Path log, String broker) throws IOException {
        return Files.writeString(directory.resolve("many" + number + ".yaml"), """
                name: many%d
                sources:
                  logs: {include: ["%s"]}
                sinks:
                  kafka: {enabled: true, brokers: ["%s"], topic: many, queue_size: 1000000}
                """.formatted(number, log, broker));
    }

    @Test
    void withTheBrokerAwayAllQueuesTogetherFitTheHeap() throws Exception {
        Path log = Files.writeString(directory.resolve("app.log"), ("x".repeat(180) + "\n").repeat(LINES));
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < PIPELINES; i++) {
            files.add(pipeline(i, log, "127.0.0.1:1"));
        }

        try (DeltaForge deltaForge =
                DeltaForge.run(files, directory, Map.of(), "-Xmx96m", "-XX:+ExitOnOutOfMemoryError")) {
            await("every source to wait").atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                assertThat(deltaForge.isAlive()).as(deltaForge.log()).isTrue();
                assertThat(deltaForge.metric("deltaforge_sink_queue_utilization"))
                        .isGreaterThan(0.9 * PIPELINES);
            });

            assertThat(deltaForge.log())
                    .contains("12 sinks share a heap of")
                    .contains("DELTAFORGE_OPTS=-Xmx501m gives them 16");
        }
    }
}
