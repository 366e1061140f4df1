package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaWriterTest {

    @ParameterizedTest
    @CsvSource({"30000, 60000", "1500, 3000", "2147483647, 2147483647"})
    void aStretchedTimeoutIsTwiceAsLongWhereThereIsOne(String usualMs, int stretchedMs) {
        Map<String, Object> usual = Map.of(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                usualMs,
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                "kafka:9092");

        assertThat(KafkaWriter.stretched(usual))
                .containsEntry(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, stretchedMs)
                .containsEntry(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "kafka:9092");
    }
}
