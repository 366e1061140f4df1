package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is away for a while under load, with every policy of a sink at work. */
class BackpressureIT {
    private static final Duration WITHIN = Duration.ofMinutes(2);
    private static final int BEFORE = 300;
    private static final int ROWS = 12_000;
    private static final int MAX_ENTRIES = 600;

    private static final String POLICIES = """
                    send_timeout_secs: 2
                    queue_size: 2000
                    retry_max: 1
                    backpressure: {queue_warning_threshold: 0.75, queue_critical_threshold: 0.90}
                    circuit_breaker: {failure_threshold: 2, success_threshold: 2, timeout: 2s}
                    dlq: {send_on_error: true, send_on_timeout: true}
              batch: {max_events: 100}
              journal: {enabled: true, dlq: {max_entries: 600, reprocessing: {interval: 1s, batch_size: 300}}}
            """;

    @TempDir
    Path directory;

    private static void insert(int from, int to) throws Exception {
        try (Connection connection = Servers.POSTGRES.connect("pressed");
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO entries SELECT n, repeat('x', 500) FROM generate_series(?, ?) n")) {
            for (int first = from; first <= to; first += 100) {
                insert.setInt(1, first);
                insert.setInt(2, Math.min(first + 99, to));
                insert.executeUpdate();
            }
        }
    }

    private static Set<String> keysInTopic() {
        return Servers.KAFKA.readAll("pressed.entries").stream()
                .map(record -> new String(record.key(), UTF_8))
                .collect(Collectors.toSet());
    }

    private static Set<String> keys(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(n -> "{\"id\":" + n + "}")
                .collect(Collectors.toSet());
    }

    @Test
    void everythingArrivesAndTheBreakerClosesWhenTheBrokerIsBack() throws Exception {
        Servers.database("pressed", "CREATE TABLE entries (id int PRIMARY KEY, note text)");
        Path pipeline = Servers.pipeline(directory, "pressed", "public.entries", POLICIES);
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory, "-Xmx96m")) {
            await("the start").atMost(WITHIN).until(() -> deltaForge.health().contains("\"up\""));
            insert(1, BEFORE);
            deltaForge.awaitDelivered(BEFORE);

            Servers.KAFKA.stopBroker(1);
            try {
                insert(BEFORE + 1, ROWS);

                await("an open breaker")
                        .atMost(WITHIN)
                        .until(() -> deltaForge.metric("deltaforge_sink_circuit_breaker_opens_total") >= 1
                                && deltaForge.metric("deltaforge_sink_circuit_breaker_state") >= 1);
                await("a full dead letter queue")
                        .atMost(WITHIN)
                        .until(() -> deltaForge.metric("deltaforge_dlq_entries") > MAX_ENTRIES - 100
                                && deltaForge.metric("deltaforge_dlq_full_total") > 0);
                await("a source that waits")
                        .atMost(WITHIN)
                        .until(() -> deltaForge.metric("deltaforge_sink_pressure") >= 2);
                assertThat(deltaForge.metric("deltaforge_sink_queue_events")).isBetween(1500.0, 2000.0);
                assertThat(deltaForge.metric("deltaforge_sink_queue_utilization"))
                        .isBetween(0.75, 1.0);
                assertThat(deltaForge.isAlive()).as("within its heap").isTrue();
            } finally {
                Servers.KAFKA.startBroker(1);
            }

            await("everything in the topic")
                    .atMost(WITHIN)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> deltaForge.metric("deltaforge_dlq_entries") == 0
                            && deltaForge.metric("deltaforge_checkpoint_lag_events") == 0
                            && keysInTopic().size() == ROWS);
            assertThat(keysInTopic()).isEqualTo(keys(1, ROWS));
            assertThat(deltaForge.metric("deltaforge_sink_circuit_breaker_state"))
                    .isZero();
            assertThat(deltaForge.metric("deltaforge_dlq_parked")).isZero();
            assertThat(deltaForge.metric("deltaforge_sink_events_dropped_total"))
                    .isZero();
            assertThat(deltaForge.log())
                    .contains("sink kafka: its circuit breaker opened")
                    .contains("sink kafka: its circuit breaker closed")
                    .contains("its dead letter queue is full");
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        }
    }
}
