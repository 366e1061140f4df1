package io.deltaforge.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaClusterIT {
    private static KafkaCluster kafka;

    @BeforeAll
    static void start() {
        kafka = KafkaCluster.start();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void whatIsProducedCanBeRead() {
        kafka.createTopic("produced", 3, Map.of("retention.ms", "-1"));

        produce("produced", Map.of(), "a", "b", "c", "d");

        assertThat(values("produced")).containsExactlyInAnyOrder("a", "b", "c", "d");
    }

    @Test
    void anEmptyTopicReadsAsEmpty() {
        kafka.createTopic("empty", 1, Map.of());

        assertThat(kafka.readAll("empty")).isEmpty();
    }

    @Test
    void abortedTransactionsAreNotRead() {
        kafka.createTopic("transactions", 1, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "t"))) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, "transactions", "aborted");
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, "transactions", "committed");
            producer.commitTransaction();
        }

        assertThat(values("transactions")).containsExactly("committed");
    }

    @Test
    void aKilledBrokerComesBackWithItsDataOnItsPort() {
        String address = kafka.bootstrapServers();
        kafka.createTopic("survives", 1, Map.of());
        produce("survives", Map.of("acks", "all"), "before");

        kafka.killBroker(1);
        kafka.startBroker(1);
        produce("survives", Map.of("acks", "all"), "after");

        assertThat(kafka.bootstrapServers()).isEqualTo(address);
        assertThat(values("survives")).containsExactly("before", "after");
    }

    @Test
    void aRestartedBrokerHasANewProcess() {
        long before = kafka.brokerPid(1);

        kafka.restartBroker(1);

        assertThat(kafka.brokerPid(1)).isNotEqualTo(before);
        assertThat(ProcessHandle.of(before)).isEmpty();
    }

    private static void produce(String topic, Map<String, String> config, String... values) {
        try (KafkaProducer<byte[], byte[]> producer = producer(config)) {
            for (String value : values) {
                send(producer, topic, value);
            }
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String value) {
        try {
            producer.send(new ProducerRecord<>(topic, value.getBytes(UTF_8))).get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, String> config) {
        Map<String, Object> all = new HashMap<>(config);
        all.put("bootstrap.servers", kafka.bootstrapServers());
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<String> values(String topic) {
        return kafka.readAll(topic).stream()
                .map(ConsumerRecord::value)
                .map(value -> new String(value, UTF_8))
                .toList();
    }
}
