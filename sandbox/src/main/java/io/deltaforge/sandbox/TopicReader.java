package io.deltaforge.sandbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads topics as any consumer does, from where they ended when it was opened. Confined to one thread. */
public final class TopicReader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;

    private TopicReader(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** A record as it was received. */
    @SuppressWarnings("ArrayRecordComponent") // handed on and never compared
    public record Received(String topic, byte @Nullable [] key, byte @Nullable [] value) {}

    /** The topics must exist. */
    public static TopicReader atEndOf(List<String> topics, String bootstrapServers) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", bootstrapServers,
                "isolation.level", "read_committed",
                "fetch.max.wait.ms", "100",
                "enable.auto.commit", "false");
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .collect(Collectors.toList());
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position); // the end is looked up now, not at the first poll
            return new TopicReader(consumer);
        } catch (KafkaException e) {
            consumer.close();
            throw failed(e);
        }
    }

    /** What there is, after waiting for the first of it so long at most. */
    public List<Received> poll(Duration patience) {
        List<Received> received = new ArrayList<>();
        try {
            consumer.poll(patience)
                    .forEach(record -> received.add(new Received(record.topic(), record.key(), record.value())));
        } catch (KafkaException e) {
            throw failed(e);
        }
        return received;
    }

    private static IllegalStateException failed(KafkaException e) {
        return new IllegalStateException("cannot read the topics: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
