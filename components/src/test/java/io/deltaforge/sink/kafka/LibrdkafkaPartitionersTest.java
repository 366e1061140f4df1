package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The vectors are those of librdkafka's tests/0048-partitioner.c and src/rdfnv1a.c. */
class LibrdkafkaPartitionersTest {
    private static final int PARTITIONS = 17;
    private static final Node NODE = new Node(0, "broker", 9092);
    private static final Cluster CLUSTER = new Cluster(
            "cluster",
            List.of(NODE),
            IntStream.range(0, PARTITIONS)
                    .mapToObj(i -> new PartitionInfo("t", i, NODE, new Node[] {NODE}, new Node[] {NODE}))
                    .toList(),
            Set.of(),
            Set.of());

    private static final String LONG = "this is another string with more length to it perhaps";

    @Test
    void consistentIsCrc32() {
        Partitioner consistent = new LibrdkafkaPartitioners.Consistent();

        assertThat(partition(consistent, null)).isEqualTo(0);
        assertThat(partition(consistent, "")).isEqualTo(0);
        assertThat(partition(consistent, "23456")).isEqualTo((int) (0xb1b451d7L % PARTITIONS));
        assertThat(partition(consistent, LONG)).isEqualTo((int) (0xb0150df7L % PARTITIONS));
        assertThat(partition(consistent, "hejsan")).isEqualTo((int) (0xd077037eL % PARTITIONS));
    }

    @Test
    void consistentRandomIsCrc32WhereThereIsAKey() {
        Partitioner consistent = new LibrdkafkaPartitioners.ConsistentRandom();

        assertThat(partition(consistent, "23456")).isEqualTo((int) (0xb1b451d7L % PARTITIONS));
        assertThat(partition(consistent, "hejsan")).isEqualTo((int) (0xd077037eL % PARTITIONS));
    }

    @Test
    void murmur2IsTheJavaClientsAlsoWithoutAKey() {
        Partitioner murmur2 = new LibrdkafkaPartitioners.Murmur2();

        assertThat(partition(murmur2, null)).isEqualTo(0x106e08d9 % PARTITIONS);
        assertThat(partition(murmur2, "")).isEqualTo(0x106e08d9 % PARTITIONS);
        assertThat(partition(murmur2, "23456")).isEqualTo(0x058d780f % PARTITIONS);
        assertThat(partition(murmur2, LONG)).isEqualTo(0x4f7703da % PARTITIONS);
        assertThat(partition(murmur2, "hejsan")).isEqualTo(0x5ec19395 % PARTITIONS);
    }

    @Test
    void fnv1aIsSaramas() {
        Partitioner fnv1a = new LibrdkafkaPartitioners.Fnv1a();

        assertThat(partition(fnv1a, null)).isEqualTo(0x7ee3623b % PARTITIONS);
        assertThat(partition(fnv1a, "")).isEqualTo(0x7ee3623b % PARTITIONS);
        assertThat(partition(fnv1a, "23456")).isEqualTo(0x27e6f469 % PARTITIONS);
        assertThat(partition(fnv1a, LONG)).isEqualTo(0x155e3e5f % PARTITIONS);
        assertThat(partition(fnv1a, "hejsan")).isEqualTo(0x17b1e27a % PARTITIONS);
        assertThat(partition(fnv1a, "kafka")).isEqualTo(0xd33c4e1 % PARTITIONS);
        assertThat(partition(fnv1a, "giberish123456789")).isEqualTo(0x77a58295 % PARTITIONS);
    }

    @Test
    void fnv1aRandomHashesAnEmptyKeyButNotAMissingOne() {
        Partitioner fnv1a = new LibrdkafkaPartitioners.Fnv1aRandom();

        assertThat(partition(fnv1a, "")).isEqualTo(0x7ee3623b % PARTITIONS);
        assertThat(partition(fnv1a, null)).isBetween(0, PARTITIONS - 1);
    }

    @Test
    void randomSpreadsTheSameKey() {
        Partitioner random = new LibrdkafkaPartitioners.Random();

        Set<Integer> seen = IntStream.range(0, 2000)
                .mapToObj(i -> partition(random, "hejsan"))
                .collect(Collectors.toSet());

        assertThat(seen).hasSize(PARTITIONS);
    }

    private static int partition(Partitioner partitioner, @Nullable String key) {
        byte[] bytes = key == null ? null : key.getBytes(UTF_8);
        return partitioner.partition("t", bytes, bytes, null, null, CLUSTER);
    }
}
