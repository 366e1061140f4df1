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
    private static final byte[] NO_BYTES = new byte[0];
    private static final int FNV_OFFSET = 0x811C9DC5;
    private static final int FNV_PRIME = 0x01000193;

    private LibrdkafkaPartitioners() {}

    /** CRC-32 of the key; none counts as empty. */
    public static final class Consistent extends Hashing {
        public Consistent() {
            super(Unkeyed.HASHED);
        }

        @Override
        long hash(byte[] key) {
            return crc32(key);
        }
    }

    /** CRC-32 of the key; an empty or missing one goes anywhere. */
    public static final class ConsistentRandom extends Hashing {
        public ConsistentRandom() {
            super(Unkeyed.RANDOM_LIKE_EMPTY);
        }

        @Override
        long hash(byte[] key) {
            return crc32(key);
        }
    }

    /** The Java client's Murmur2 of the key; none counts as empty. */
    public static final class Murmur2 extends Hashing {
        public Murmur2() {
            super(Unkeyed.HASHED);
        }

        @Override
        long hash(byte[] key) {
            return Utils.toPositive(Utils.murmur2(key));
        }
    }

    /** FNV-1a of the key; none counts as empty. */
    public static final class Fnv1a extends Hashing {
        public Fnv1a() {
            super(Unkeyed.HASHED);
        }

        @Override
        long hash(byte[] key) {
            return fnv1a(key);
        }
    }

    /** FNV-1a of the key; a missing one goes anywhere. */
    public static final class Fnv1aRandom extends Hashing {
        public Fnv1aRandom() {
            super(Unkeyed.RANDOM);
        }

        @Override
        long hash(byte[] key) {
            return fnv1a(key);
        }
    }

    /** Anywhere, whatever the key. */
    public static final class Random extends Hashing {
        public Random() {
            super(Unkeyed.ALL_RANDOM);
        }

        @Override
        long hash(byte[] key) {
            return 0;
        }
    }

    private static long crc32(byte[] key) {
        CRC32 crc = new CRC32();
        crc.update(key);
        return crc.getValue();
    }

    /** As librdkafka and Sarama have it: the absolute value of a signed FNV-1a, read as unsigned. */
    private static long fnv1a(byte[] key) {
        int hash = FNV_OFFSET;
        for (byte b : key) {
            hash ^= b & 0xff;
            hash *= FNV_PRIME;
        }
        return Integer.toUnsignedLong(hash < 0 ? -hash : hash);
    }

    /** Which records have no place of their own. */
    enum Unkeyed {
        HASHED,
        RANDOM,
        RANDOM_LIKE_EMPTY,
        ALL_RANDOM
    }

    /** Thread-safe. A record without a place of its own stays with its predecessors for 10 ms, so that batches fill. */
    abstract static sealed class Hashing implements Partitioner
            permits Consistent, ConsistentRandom, Murmur2, Fnv1a, Fnv1aRandom, Random {
        private static final long STICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

        private final Unkeyed unkeyed;
        private final Map<String, Choice> choices = new ConcurrentHashMap<>();

        private record Choice(int partition, long untilNanos) {}

        Hashing(Unkeyed unkeyed) {
            this.unkeyed = unkeyed;
        }

        abstract long hash(byte[] key);

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public int partition(
                String topic,
                @Nullable Object key,
                byte @Nullable [] keyBytes,
                @Nullable Object value,
                byte @Nullable [] valueBytes,
                Cluster cluster) {
            int count = cluster.partitionsForTopic(topic).size();
            boolean anywhere = switch (unkeyed) {
                case HASHED -> false;
                case RANDOM -> keyBytes == null;
                case RANDOM_LIKE_EMPTY -> keyBytes == null || keyBytes.length == 0;
                case ALL_RANDOM -> true;
            };
            if (anywhere) {
                return random(topic, cluster, count);
            }
            return (int) (hash(keyBytes == null ? NO_BYTES : keyBytes) % count);
        }

        private int random(String topic, Cluster cluster, int count) {
            if (unkeyed == Unkeyed.ALL_RANDOM) {
                return any(topic, cluster, count);
            }
            long nowNanos = System.nanoTime();
            Choice choice = choices.get(topic);
            if (choice == null || choice.partition >= count || nowNanos - choice.untilNanos >= 0) {
                choice = new Choice(any(topic, cluster, count), nowNanos + STICK_NANOS);
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

        @Override
        public void close() {}
    }
}
