package io.deltaforge.sink.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.jspecify.annotations.Nullable;

/**
 * Each partition of a topic in turn, whatever the key: exactly even, also while a partition has no leader. Confined to
 * the thread that sends, as a sink's producer has only one. Public because the Kafka client makes it from its name.
 */
public final class RoundRobinPartitioner implements Partitioner {
    private final Map<String, Turn> turns = new HashMap<>();

    private static final class Turn {
        int next;
    }

    @Override
    public int partition(
            String topic,
            @Nullable Object key,
            byte @Nullable [] keyBytes,
            @Nullable Object value,
            byte @Nullable [] valueBytes,
            Cluster cluster) {
        Turn turn = turns.get(topic);
        if (turn == null) {
            turn = new Turn();
            turns.put(topic, turn);
        }
        int partition = turn.next % cluster.partitionsForTopic(topic).size(); // there may be more than at its last turn
        turn.next = partition + 1;
        return partition;
    }

    @Override
    public void configure(Map<String, ?> configs) {}

    @Override
    public void close() {}
}
