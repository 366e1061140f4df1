package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Figure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;

/** A few of the figures that a Kafka producer keeps of itself, of whichever producer is in use. Thread-safe. */
final class ProducerFigures {
    private static final String GROUP = "producer-metrics";
    private static final double MILLIS = 0.001;
    private static final List<Chosen> CHOSEN = List.of(
            gauge(
                    "request-latency-avg",
                    MILLIS,
                    "request.latency.avg.seconds",
                    "From a request to the brokers' answer, on average of the last half minute."),
            gauge(
                    "record-queue-time-avg",
                    MILLIS,
                    "record.queue.time.avg.seconds",
                    "How long records wait in the producer for their batch to leave, on average of the last half minute."),
            gauge(
                    "batch-size-avg",
                    1,
                    "batch.size.avg.bytes",
                    "Size of the producer's batches, one a partition, on average of the last half minute."),
            gauge(
                    "compression-rate-avg",
                    1,
                    "compression.ratio.avg",
                    "Size of the batches after compression by that before, on average of the last half minute."),
            gauge(
                    "outgoing-byte-rate",
                    1,
                    "outgoing.bytes.per.second",
                    "Bytes sent to the brokers each second, on average of the last half minute."),
            gauge(
                    "buffer-available-bytes",
                    1,
                    "buffer.available.bytes",
                    "How much of buffer.memory is free; at 0 the pipeline waits for the brokers."),
            gauge("connection-count", 1, "connections", "Open connections to brokers."),
            new Chosen("record-retry-total", 1, "record.retries", "Records that the producer itself sent again.", true),
            new Chosen("record-error-total", 1, "record.errors", "Records that the producer gave up.", true));

    private volatile Map<String, Metric> current = Map.of();

    /** @param kafka its name in the producer's group of metrics */
    private record Chosen(String kafka, double unit, String name, String description, boolean total) {}

    private static Chosen gauge(String kafka, double unit, String name, String description) {
        return new Chosen(kafka, unit, name, description, false);
    }

    void follow(Producer<?, ?> producer) {
        Map<String, Metric> metrics = new HashMap<>();
        producer.metrics().forEach((name, metric) -> {
            if (name.group().equals(GROUP)) {
                metrics.put(name.name(), metric);
            }
        });
        current = metrics;
    }

    void forget() {
        current = Map.of();
    }

    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        for (Chosen chosen : CHOSEN) {
            figures.add(new Figure(
                    "kafka.producer." + chosen.name, chosen.description, chosen.total, () -> valueOf(chosen)));
        }
        return figures;
    }

    private double valueOf(Chosen chosen) {
        Metric metric = current.get(chosen.kafka);
        // an average of nothing is NaN
        return metric != null && metric.metricValue() instanceof Double value && !value.isNaN()
                ? value * chosen.unit
                : 0;
    }
}
