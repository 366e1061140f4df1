package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database transaction larger than the queue under {@code exactly_once: true}: streamed, and seen as a whole or not at all. */
class StreamedTransactionIT {
    /** Some 75 MB, several times the queue. */
    private static final int ROWS = 300_000;

    private static final TopicPartition PARTITION = new TopicPartition("streamed.big", 0);

    @TempDir
    Path directory;

    @Test
    void aTransactionLargerThanTheQueueIsSeenOnlyAsAWholeThoughTheProcessIsKilledInIt() throws Exception {
        Servers.database("streamed", "CREATE TABLE big (id int PRIMARY KEY, payload text)");
        Servers.KAFKA.createTopic("streamed.big", 1, Map.of());
        Path pipeline = Servers.pipeline(directory, "streamed", "public.big", "        exactly_once: true");
        long writtenInVain;
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> deltaForge.health().contains("\"up\""));
            Servers.POSTGRES.executeIn(
                    "streamed",
                    "INSERT INTO big SELECT n, repeat('0123456789', 20) FROM generate_series(1, " + ROWS + ") n");
            try (Admin admin = Servers.KAFKA.admin()) {
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> end(admin, IsolationLevel.READ_UNCOMMITTED) > 1000);
                deltaForge.kill();
                writtenInVain = end(admin, IsolationLevel.READ_UNCOMMITTED);
                assertThat(end(admin, IsolationLevel.READ_COMMITTED)).isZero();
            }
        }
        assertThat(writtenInVain).isLessThan(ROWS);

        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory);
                Admin admin = Servers.KAFKA.admin()) {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> end(admin, IsolationLevel.READ_COMMITTED) >= writtenInVain + ROWS);
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        }
        List<ConsumerRecord<byte[], byte[]>> records = Servers.KAFKA.readAll("streamed.big");
        assertThat(records).hasSize(ROWS);
        for (int row = 0; row < ROWS; row++) {
            assertThat(new String(records.get(row).key(), UTF_8)).isEqualTo("{\"id\":" + (row + 1) + "}");
        }
    }

    private static long end(Admin admin, IsolationLevel level) throws Exception {
        return admin.listOffsets(Map.of(PARTITION, OffsetSpec.latest()), new ListOffsetsOptions(level))
                .partitionResult(PARTITION)
                .get()
                .offset();
    }
}
