package io.deltaforge.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.engine.PipelineMonitor;
import io.deltaforge.reliability.DeadLetterMonitor;
import io.deltaforge.spi.Pressure;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogCapturerMetricsTest {
    private static final List<String> SINKS = List.of("to-kafka");
    private static final String TAGS = "pipeline=\"logs\",sink=\"kafka\",sink_id=\"to-kafka\"";

    private final Metrics metrics = new Metrics(InstantSource.system());

    {
        metrics.name("logs", Map.of("to-kafka", "kafka"));
    }

    private final PipelineMonitor monitor = metrics.monitor("logs", SINKS);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void whatIsDeliveredIsSuccess() {
        monitor.batchSent("to-kafka", 500, 1);
        monitor.batchDelivered("to-kafka", 500, TimeUnit.MILLISECONDS.toNanos(20), 0);

        assertThat(metrics.scrape().lines())
                .contains(
                        "log_capturer_logs_sent_total{" + TAGS + ",status=\"success\"} 500.0",
                        "log_capturer_logs_sent_total{" + TAGS + ",status=\"error\"} 0.0",
                        "log_capturer_kafka_batch_size_sum{" + TAGS + "} 500.0",
                        "log_capturer_kafka_batch_size_count{" + TAGS + "} 1",
                        "log_capturer_kafka_batch_duration_seconds_sum{" + TAGS + "} 0.02")
                .anyMatch(line -> line.startsWith("deltaforge_sink_events_total") && line.endsWith(" 500.0"));
    }

    @Test
    void whatIsOnTheWayWhenADeliveryFailsIsError() {
        monitor.batchSent("to-kafka", 300, 1);
        monitor.batchSent("to-kafka", 200, 1);
        monitor.batchDelivered("to-kafka", 300, 1, 0);
        monitor.eventsNotAcknowledged("to-kafka", 200);
        monitor.sinkFailed("to-kafka", "retryable");
        monitor.sinkFailed("to-kafka", "retryable"); // before anything was sent again

        assertThat(metrics.scrape().lines())
                .contains(
                        "log_capturer_logs_sent_total{" + TAGS + ",status=\"error\"} 200.0",
                        "log_capturer_errors_total{component=\"kafka_sink\",kind=\"retryable\",pipeline=\"logs\","
                                + "sink_id=\"to-kafka\"} 2.0");
    }

    @Test
    void whatGoesToTheDeadLetterQueueIsError() {
        DeadLetterMonitor letters = metrics.deadLetterMonitor("logs", SINKS);

        letters.added("to-kafka", "message_too_large", 3);

        assertThat(metrics.scrape().lines())
                .contains("log_capturer_logs_sent_total{" + TAGS + ",status=\"error\"} 3.0");
    }

    @Test
    void whatArrivesFromTheDeadLetterQueueIsSuccessAtLast() {
        DeadLetterMonitor letters = metrics.deadLetterMonitor("logs", SINKS);

        letters.added("to-kafka", "timeout", 2);
        letters.replayed("to-kafka", true);
        letters.replayed("to-kafka", false);

        assertThat(metrics.scrape().lines())
                .contains(
                        "log_capturer_logs_sent_total{" + TAGS + ",status=\"success\"} 1.0",
                        "log_capturer_logs_sent_total{" + TAGS + ",status=\"error\"} 3.0");
    }

    @Test
    void pressureDropsAndTheBreakerAreCounted() {
        monitor.pressureRose("to-kafka", Pressure.WARNING);
        monitor.eventsDropped("to-kafka", 7);
        monitor.breakerOpened("to-kafka");

        assertThat(metrics.scrape().lines())
                .contains(
                        "log_capturer_kafka_backpressure_total{level=\"warning\"," + TAGS + "} 1.0",
                        "log_capturer_kafka_dropped_total{" + TAGS + "} 7.0",
                        "log_capturer_circuit_breaker_opens_total{" + TAGS + "} 1.0");
    }
}
