package io.deltaforge.sink.kafka;

import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/** The producer's partitioner: that of the sink's {@code partitioning}, which {@code client_conf} must not contradict. */
final class PartitionerSettings {
    private static final String PARTITIONER = ProducerConfig.PARTITIONER_CLASS_CONFIG;
    private static final String IGNORE_KEYS = ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG;
    private static final Set<String> JAVAS = Set.of("murmur2", "murmur2_random");

    private final ClientConf conf;
    private final SettingsDraft draft;

    PartitionerSettings(ClientConf conf, SettingsDraft draft) {
        this.conf = conf;
        this.draft = draft;
    }

    void settle(@Nullable Partitioning partitioning) {
        if (partitioning == null || !partitioning.enabled()) {
            return;
        }
        switch (partitioning.strategy()) {
            case HASH -> settleHash();
            case ROUND_ROBIN -> choose(RoundRobinPartitioner.class, "partitioning.strategy: round-robin");
            case RANDOM -> choose(LibrdkafkaPartitioners.Random.class, "partitioning.strategy: random");
        }
    }

    /** Java's own partitioner hashes keys with murmur2. */
    private void settleHash() {
        ClientConf.Given given = conf.get("partitioner");
        boolean other = given == null ? draft.isGiven(PARTITIONER) : !JAVAS.contains(given.value());
        if (other) {
            draft.problem(
                    given == null ? PARTITIONER : given.key(),
                    "does not go with the sink's partitioning.strategy: hash, which is murmur2: keep one");
        }
        if (draft.text(IGNORE_KEYS, "false").equalsIgnoreCase("true")) {
            draft.problem(IGNORE_KEYS, "does not go with the sink's partitioning.strategy: hash: keep one");
        }
    }

    private void choose(Class<?> partitioner, String because) {
        if (conf.get("partitioner") != null || draft.isGiven(PARTITIONER)) {
            ClientConf.Given given = conf.get("partitioner");
            draft.problem(
                    given == null ? PARTITIONER : given.key(),
                    "and the sink's partitioning both choose the partition: keep one");
            return;
        }
        draft.derived(PARTITIONER, partitioner.getName(), because);
    }
}
