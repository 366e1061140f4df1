package io.deltaforge.sink.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * librdkafka's partitioners (its rdkafka_msg.c): a key goes to the same partition as there. Public because the Kafka
 * client makes them from their names.
 */
public final class LibrdkafkaPartitioners {
    static final long ANYWHERE = -1;
    private static final long STICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final byte[] NO_BYTES = new byte[0];
    private static final int FNV_OFFSET = 0x811C9DC5;
    private static final int FNV_PRIME = 0x01000193;

    private LibrdkafkaPartitioners() {}

    /** The partitioner of this class; {@code null} when the class is none of these. */
    static @Nullable Hashing named(String className) {
        for (Class<?> known : Hashing.class.getPermittedSubclasses()) {
            if (known.getName().equals(className)) {
                return (Hashing) Utils.newInstance(known);
            }
        }
        return null;
    }

    /** CRC-32 of the key; none counts as empty. */
    public static final class Consistent implements Hashing {
        private final Anywhere anywhere = new Anywhere(STICK_NANOS);

        @Override
        public long hash(byte @Nullable [] key) {
            return crc32(key);
        }

        @Override
        public Anywhere anywhere() {
            return anywhere;
        }
    }

    /** CRC-32 of the key; an empty or missing one goes anywhere. */
    public static final class ConsistentRandom implements Hashing {
        private final Anywhere anywhere = new Anywhere(STICK_NANOS);

        @Override
        public long hash(byte @Nullable [] key) {
            return key == null || key.length == 0 ? ANYWHERE : crc32(key);
        }

        @Override
        public Anywhere anywhere() {
            return anywhere;
        }
    }

    /** The Java client's Murmur2 of the key; none counts as empty. */
    public static final class Murmur2 implements Hashing {
        private final Anywhere anywhere = new Anywhere(STICK_NANOS);

        @Override
        public long hash(byte @Nullable [] key) {
            return Utils.toPositive(Utils.murmur2(key == null ? NO_BYTES : key));
        }

        @Override
        public Anywhere anywhere() {
            return anywhere;
        }
    }

    /** FNV-1a of the key; none counts as empty. */
    public static final class Fnv1a implements Hashing {
        private final Anywhere anywhere = new Anywhere(STICK_NANOS);

        @Override
        public long hash(byte @Nullable [] key) {
            return fnv1a(key);
        }

        @Override
        public Anywhere anywhere() {
            return anywhere;
        }
    }

    /** FNV-1a of the key; a missing one goes anywhere. */
    public static final class Fnv1aRandom implements Hashing {
        private final Anywhere anywhere = new Anywhere(STICK_NANOS);

        @Override
        public long hash(byte @Nullable [] key) {
            return key == null ? ANYWHERE : fnv1a(key);
        }

        @Override
        public Anywhere anywhere() {
            return anywhere;
        }
    }

    /** Anywhere, whatever the key. */
    public static final class Random implements Hashing {
        private final Anywhere anywhere = new Anywhere(0);

        @Override
        public long hash(byte @Nullable [] key) {
            return ANYWHERE;
        }

        @Override
        public Anywhere anywhere() {
            return anywhere;
        }
    }

    private static long crc32(byte @Nullable [] key) {
        CRC32 crc = new CRC32();
        crc.update(key == null ? NO_BYTES : key);
        return crc.getValue();
    }

    /** As librdkafka and Sarama have it: the absolute value of a signed FNV-1a, read as unsigned. */
    private static long fnv1a(byte @Nullable [] key) {
        int hash = FNV_OFFSET;
        for (byte b : key == null ? NO_BYTES : key) {
            hash ^= b & 0xff;
            hash *= FNV_PRIME;
        }
        return Integer.toUnsignedLong(hash < 0 ? -hash : hash);
    }

    /** A partitioner by hash. Thread-safe. */
    sealed interface Hashing extends Partitioner {

        /** Not negative, or {@link #ANYWHERE}. */
        long hash(byte @Nullable [] key);

        Anywhere anywhere();

        @Override
        default int partition(
                String topic,
                @Nullable Object key,
                byte @Nullable [] keyBytes,
                @Nullable Object value,
                byte @Nullable [] valueBytes,
                Cluster cluster) {
            long hash = hash(keyBytes);
            return hash == ANYWHERE
                    ? anywhere().partition(topic, cluster)
                    : (int) (hash % cluster.partitionsForTopic(topic).size());
        }

        @Override
        default void configure(Map<String, ?> configs) {}

        @Override
        default void close() {}
    }

    /** Places records that have no place of their own; each stays with its predecessors a while, so that batches fill. */
    static final class Anywhere {
        private final long stickNanos;
        private final Map<String, Choice> choices = new ConcurrentHashMap<>();

        private record Choice(int partition, long sinceNanos) {}

        Anywhere(long stickNanos) {
            this.stickNanos = stickNanos;
        }

        int partition(String topic, Cluster cluster) {
            long nowNanos = System.nanoTime();
            int count = cluster.partitionsForTopic(topic).size();
            Choice choice = choices.get(topic);
            if (choice == null || choice.partition >= count || nowNanos - choice.sinceNanos >= stickNanos) {
                choice = new Choice(any(topic, cluster, count), nowNanos);
                choices.put(topic, choice);
            }
            return choice.partition;
        }

        private static int any(String topic, Cluster cluster, int count) {
            List<PartitionInfo> available = cluster.availablePartitionsForTopic(topic);
            ThreadLocalRandom random = ThreadLocalRandom.current();
            return available.isEmpty()
                    ? random.nextInt(count)
                    : available.get(random.nextInt(available.size())).partition();
        }
    }
}
