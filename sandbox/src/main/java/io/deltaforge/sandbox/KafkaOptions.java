package io.deltaforge.sandbox;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link KafkaCluster} is made.
 *
 * @param brokers 1 or 3
 * @param serverProperties settings of every broker, over our own; {@code log.dirs} for a single one only
 * @param directory where data and logs stay after the cluster's end; null for a temporary one, deleted with it
 * @param defaultPartitions of topics that are created by writing to them
 * @param heapMegabytes of each broker's JVM
 * @param listeners beside PLAINTEXT
 */
public record KafkaOptions(
        int brokers,
        Map<String, String> serverProperties,
        @Nullable Path directory,
        int defaultPartitions,
        int heapMegabytes,
        KafkaListeners listeners) {

    public KafkaOptions {
        require(brokers == 1 || brokers == 3, "brokers must be 1 or 3");
        require(defaultPartitions >= 1, "defaultPartitions must be at least 1");
        require(heapMegabytes >= 128, "heapMegabytes must be at least 128");
        serverProperties = Map.copyOf(serverProperties);
    }

    /** One broker with 512 MB, one partition a topic, a temporary directory. */
    public static KafkaOptions defaults() {
        return new KafkaOptions(1, Map.of(), null, 1, 512, KafkaListeners.none());
    }

    public KafkaOptions withBrokers(int count) {
        return new KafkaOptions(count, serverProperties, directory, defaultPartitions, heapMegabytes, listeners);
    }

    public KafkaOptions withServerProperties(Map<String, String> properties) {
        return new KafkaOptions(brokers, properties, directory, defaultPartitions, heapMegabytes, listeners);
    }

    public KafkaOptions withDirectory(Path path) {
        return new KafkaOptions(brokers, serverProperties, path, defaultPartitions, heapMegabytes, listeners);
    }

    public KafkaOptions withDefaultPartitions(int count) {
        return new KafkaOptions(brokers, serverProperties, directory, count, heapMegabytes, listeners);
    }

    public KafkaOptions withHeapMegabytes(int megabytes) {
        return new KafkaOptions(brokers, serverProperties, directory, defaultPartitions, megabytes, listeners);
    }

    public KafkaOptions withListeners(KafkaListeners more) {
        return new KafkaOptions(brokers, serverProperties, directory, defaultPartitions, heapMegabytes, more);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
