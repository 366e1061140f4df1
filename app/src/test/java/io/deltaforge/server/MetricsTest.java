package io.deltaforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.engine.PipelineMonitor;
import io.deltaforge.engine.PipelineState;
import io.deltaforge.engine.PipelineStatus;
import io.deltaforge.reliability.FailureBreaker;
import io.deltaforge.spi.Figure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String LABELS = "{pipeline=\"orders\",sink=\"kafka\"}";

    private final Metrics metrics = new Metrics(InstantSource.fixed(NOW));
    private final PipelineMonitor monitor = metrics.monitor("orders", List.of("kafka"));
    private final AtomicReference<PipelineStatus> status =
            new AtomicReference<>(status(new PipelineState.Starting(), 0, 0, 0, 0, 0));

    {
        metrics.watch("orders", List.of("kafka"), status::get);
    }

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void aDriversFiguresAreAskedForAgainAndAgain() {
        AtomicLong errors = new AtomicLong();
        AtomicLong free = new AtomicLong(7);
        metrics.watchDriver(
                "orders",
                "kafka",
                List.of(
                        new Figure("driver.errors", "Errors.", true, errors::get),
                        new Figure("driver.free.bytes", "Room.", false, free::get)));

        System.gc(); // what the registry does not hold itself is gone
        errors.set(3);
        free.set(5);

        assertThat(metrics.scrape().lines())
                .contains(
                        "# TYPE deltaforge_driver_errors_total counter",
                        "deltaforge_driver_errors_total" + LABELS + " 3.0",
                        "# TYPE deltaforge_driver_free_bytes gauge",
                        "deltaforge_driver_free_bytes" + LABELS + " 5.0");
    }

    @Test
    void everyMetricIsThereBeforeTheFirstEvent() {
        assertThat(metrics.scrape().lines())
                .contains(
                        "deltaforge_sink_events_total" + LABELS + " 0.0",
                        "deltaforge_sink_batch_total" + LABELS + " 0.0",
                        "deltaforge_sink_latency_seconds_count" + LABELS + " 0",
                        "deltaforge_sink_events_sent_total" + LABELS + " 0.0",
                        "deltaforge_sink_send_latency_seconds_count" + LABELS + " 0",
                        "deltaforge_checkpoint_lag_events" + LABELS + " 0.0",
                        "deltaforge_sink_lag_seconds" + LABELS + " 0.0",
                        "deltaforge_source_events_total{pipeline=\"orders\"} 0.0",
                        "deltaforge_source_lag_bytes{pipeline=\"orders\"} 0.0",
                        "deltaforge_source_lag_seconds{pipeline=\"orders\"} 0.0",
                        "deltaforge_pipeline_up{pipeline=\"orders\"} 0.0");
        for (String kind : List.of("retryable", "rejected", "fatal")) {
            assertThat(metrics.scrape())
                    .contains("deltaforge_sink_errors_total{kind=\"" + kind
                            + "\",pipeline=\"orders\",sink=\"kafka\"} 0.0");
        }
        for (String stage : List.of("source", "sink", "checkpoint", "total")) {
            assertThat(metrics.scrape())
                    .contains("deltaforge_stage_latency_seconds_count{pipeline=\"orders\",stage=\"" + stage + "\"} 0");
        }
    }

    @Test
    void deliveriesAreCountedAndTimed() {
        monitor.batchSent("kafka", 100, Duration.ofMillis(3).toNanos());
        monitor.batchDelivered(
                "kafka",
                100,
                Duration.ofMillis(30).toNanos(),
                Duration.ofMillis(100).toNanos());
        monitor.checkpointSaved(Duration.ofMillis(8).toNanos());
        monitor.sinkFailed("kafka", "retryable");
        monitor.sourceFailed("fatal");

        assertThat(metrics.scrape().lines())
                .contains(
                        "deltaforge_sink_events_total" + LABELS + " 100.0",
                        "deltaforge_sink_batch_total" + LABELS + " 1.0",
                        "deltaforge_sink_latency_seconds_sum" + LABELS + " 0.03",
                        "deltaforge_sink_latency_seconds_bucket{pipeline=\"orders\",sink=\"kafka\",le=\"0.02\"} 0",
                        "deltaforge_sink_latency_seconds_bucket{pipeline=\"orders\",sink=\"kafka\",le=\"0.05\"} 1",
                        "deltaforge_sink_events_sent_total" + LABELS + " 100.0",
                        "deltaforge_sink_send_latency_seconds_sum" + LABELS + " 0.003",
                        "deltaforge_stage_latency_seconds_sum{pipeline=\"orders\",stage=\"source\"} 0.07",
                        "deltaforge_stage_latency_seconds_sum{pipeline=\"orders\",stage=\"sink\"} 0.03",
                        "deltaforge_stage_latency_seconds_sum{pipeline=\"orders\",stage=\"checkpoint\"} 0.008",
                        "deltaforge_stage_latency_seconds_sum{pipeline=\"orders\",stage=\"total\"} 0.1",
                        "deltaforge_sink_errors_total{kind=\"retryable\",pipeline=\"orders\",sink=\"kafka\"} 1.0",
                        "deltaforge_source_errors_total{kind=\"fatal\",pipeline=\"orders\"} 1.0");
    }

    @Test
    void lagsAreAskedForWhenPrometheusAsks() {
        status.set(status(new PipelineState.Running(), 1000, 4096, ago(60), 25, ago(90)));

        assertThat(metrics.scrape().lines())
                .contains(
                        "deltaforge_source_events_total{pipeline=\"orders\"} 1000.0",
                        "deltaforge_source_lag_bytes{pipeline=\"orders\"} 4096.0",
                        "deltaforge_source_lag_seconds{pipeline=\"orders\"} 60.0",
                        "deltaforge_checkpoint_lag_events" + LABELS + " 25.0",
                        "deltaforge_sink_lag_seconds" + LABELS + " 90.0",
                        "deltaforge_pipeline_up{pipeline=\"orders\"} 1.0");
    }

    @Test
    void aSourceThatIsReadToItsEndHasNoLagHoweverOldItsLastEvent() {
        status.set(status(new PipelineState.Running(), 1000, 0, ago(3600), 0, 0));

        assertThat(metrics.scrape().lines())
                .contains(
                        "deltaforge_source_lag_seconds{pipeline=\"orders\"} 0.0",
                        "deltaforge_sink_lag_seconds" + LABELS + " 0.0");
    }

    private static long ago(int seconds) {
        return (NOW.getEpochSecond() - seconds) * 1_000_000;
    }

    private static PipelineStatus status(
            PipelineState state, long read, long lagBytes, long newestCommit, long pending, long oldestPending) {
        return new PipelineStatus(
                "orders",
                state,
                "orders-db",
                read,
                lagBytes,
                newestCommit,
                null,
                List.of(new PipelineStatus.SinkStatus(
                        "kafka",
                        true,
                        0,
                        pending,
                        oldestPending,
                        null,
                        null,
                        0,
                        0,
                        0,
                        PipelineStatus.QueueStatus.EMPTY,
                        FailureBreaker.State.CLOSED)));
    }
}
