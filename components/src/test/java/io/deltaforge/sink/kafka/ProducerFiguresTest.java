package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.spi.Figure;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ProducerFiguresTest {
    private final ProducerFigures figures = new ProducerFigures();

    @Test
    void everyFigureIsOneThatTheProducerHas() {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:1", "buffer.memory", "1048576"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            figures.follow(producer);

            assertThat(producer.metrics().keySet().stream()
                            .filter(name -> name.group().equals("producer-metrics"))
                            .map(name -> name.name()))
                    .contains(
                            "request-latency-avg",
                            "record-queue-time-avg",
                            "batch-size-avg",
                            "compression-rate-avg",
                            "outgoing-byte-rate",
                            "buffer-available-bytes",
                            "connection-count",
                            "record-retry-total",
                            "record-error-total");
            assertThat(values()).containsEntry("kafka.producer.buffer.available.bytes", 1_048_576.0);
        }
    }

    @Test
    void withoutAProducerAllAreZero() {
        figures.forget();

        assertThat(values())
                .hasSize(9)
                .allSatisfy((name, value) -> assertThat(value).isZero());
    }

    private Map<String, Double> values() {
        return figures.figures().stream()
                .collect(Collectors.toMap(Figure::name, figure -> figure.value().getAsDouble()));
    }
}
