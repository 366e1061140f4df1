package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API and the metrics say of a pipeline at work is what happened. */
class ObservedIT {
    private static final String LABELS = "{pipeline=\"observed\",sink=\"kafka\"}";

    @TempDir
    Path directory;

    @Test
    void figuresAndStatesFollowThePipeline() throws Exception {
        Servers.database("observed", "CREATE TABLE items (id int PRIMARY KEY, name text)");
        Path pipeline = Servers.pipeline(directory, "observed", "public.items", "");
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> deltaForge.health().contains("\"up\""));

            for (int i = 0; i < 10; i++) {
                Servers.POSTGRES.executeIn(
                        "observed",
                        "INSERT INTO items SELECT n, 'item ' || n FROM generate_series(%d, %d) n"
                                .formatted(i * 100, i * 100 + 99));
            }
            deltaForge.awaitDelivered(1000);
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> deltaForge.metric("deltaforge_checkpoint_lag_events") == 0);

            JsonNode shown = new ObjectMapper().readTree(deltaForge.api("/pipelines/observed"));
            assertThat(shown.path("state").asText()).isEqualTo("running");
            assertThat(shown.path("source").path("events_read").asLong()).isEqualTo(1000);
            JsonNode sink = shown.path("sinks").path(0);
            assertThat(sink.path("events_delivered").asLong()).isEqualTo(1000);
            assertThat(sink.path("events_pending").asLong()).isZero();
            assertThat(sink.path("checkpoint").asText()).matches("[0-9A-F]+/[0-9A-F]+.*");
            assertThat(deltaForge.metric("deltaforge_sink_events_total" + LABELS))
                    .isEqualTo(1000);
            assertThat(deltaForge.metric("deltaforge_sink_events_sent_total" + LABELS))
                    .isEqualTo(1000);
            assertThat(deltaForge.metric("deltaforge_source_events_total")).isEqualTo(1000);
            assertThat(deltaForge.metric("deltaforge_pipeline_up")).isEqualTo(1);
            assertThat(deltaForge.metric("deltaforge_sink_errors_total")).isZero();
            double batches = deltaForge.metric("deltaforge_sink_batch_total" + LABELS);
            assertThat(batches).isBetween(1.0, 1000.0);
            assertThat(deltaForge.metric("deltaforge_sink_latency_seconds_count"))
                    .isEqualTo(batches);
            assertThat(deltaForge.metric("deltaforge_sink_latency_seconds_sum")).isPositive();
            assertThat(deltaForge.metric("deltaforge_sink_send_latency_seconds_sum"))
                    .isPositive();
            assertThat(deltaForge.metric("deltaforge_kafka_producer_batch_size_avg_bytes" + LABELS))
                    .isPositive();
            assertThat(deltaForge.metric("deltaforge_kafka_producer_connections" + LABELS))
                    .isPositive();
            assertThat(deltaForge.metric("deltaforge_kafka_producer_record_errors_total" + LABELS))
                    .isZero();
            assertThat(deltaForge.metric("deltaforge_stage_latency_seconds_sum{pipeline=\"observed\",stage=\"total\"}"))
                    .isGreaterThanOrEqualTo(deltaForge.metric("deltaforge_sink_latency_seconds_sum"));

            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        }
    }
}
