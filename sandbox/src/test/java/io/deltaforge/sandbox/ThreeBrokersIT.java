package io.deltaforge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreeBrokersIT {
    @TempDir
    private static Path directory;

    private static KafkaCluster kafka;

    @BeforeAll
    static void start() {
        kafka = KafkaCluster.start(KafkaOptions.defaults()
                .withDirectory(directory)
                .withBrokers(3)
                .withHeapMegabytes(256)
                .withDefaultPartitions(2));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void twoServeWhileOneIsDead() throws Exception {
        kafka.createTopic("replicated", 3, Map.of());

        kafka.killBroker(2);
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int partition = 0; partition < 3; partition++) {
                producer.send(new ProducerRecord<>("replicated", partition, null, "x".getBytes(UTF_8)))
                        .get(60, TimeUnit.SECONDS);
            }
        }
        kafka.startBroker(2);

        assertThat(kafka.readAll("replicated")).hasSize(3);
        try (Admin admin = kafka.admin()) {
            assertThat(admin.describeCluster().nodes().get(30, TimeUnit.SECONDS))
                    .hasSize(3);
        }
    }
}
