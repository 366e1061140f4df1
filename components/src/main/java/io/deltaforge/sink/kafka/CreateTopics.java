package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Setting;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of {@code create_topics}: how topics that are missing are made. */
public record CreateTopics(
        @Setting(doc = "Partitions of each topic; without it as many as the brokers' num.partitions.") @Nullable
        Integer partitions,

        @Setting(doc = "Copies of each partition; without it as many as the brokers' default.replication.factor.")
        @Nullable
        Integer replicationFactor,

        @Setting(doc = "Settings of each topic, under Kafka's names, e.g. `cleanup.policy: compact`.", value = "{}")
        Map<String, String> configs) {

    public CreateTopics {
        configs = Map.copyOf(configs);
        if (partitions != null && partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1");
        }
        if (replicationFactor != null && (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE)) {
            throw new IllegalArgumentException("replication_factor must be between 1 and " + Short.MAX_VALUE);
        }
    }
}
