package io.deltaforge.sink.kafka;

import io.deltaforge.spi.EffectiveSetting;
import io.deltaforge.spi.EffectiveSettings;
import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.Setting;
import io.deltaforge.spi.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Settings of {@code type: kafka}. */
public record KafkaSinkConfig(
        @Setting(doc = "Name of the sink in metrics, logs and checkpoints; unique in the pipeline.")
        String id,

        @Setting(doc = "Brokers to find the cluster by, `host:port`, separated by commas.")
        String brokers,

        @Setting(doc = "Topic of each event; a template, e.g. `shop.${source.table}`.")
        Template topic,

        @Setting(
                doc =
                        "Key of each record; a template, e.g. `${after.customer_id}`. Without it the key is the primary key"
                                + " as JSON, and none for a table without one.")
        @Nullable
        Template key,

        @Setting(doc = "Structure of the record's value.", value = "native")
        Envelope envelope,

        @Setting(doc = "Bytes of the record's value and key.", value = "json")
        Encoding encoding,

        @Setting(doc = "Whether the source must keep what this sink does not hold yet.", value = "true")
        boolean required,

        @Setting(
                doc = "Follow each delete by a record with the same key and no value, for compacted topics.",
                value = "false")
        boolean tombstones,

        @Setting(
                doc =
                        "Deliver each event exactly once for consumers that read committed: events and checkpoint go in one"
                                + " Kafka transaction, under the transactional id `deltaforge-{pipeline}-{sink}`.",
                value = "false")
        boolean exactlyOnce,

        @Setting(
                doc =
                        "Compacted topic that keeps the checkpoints of sinks with `exactly_once: true`; created when it is"
                                + " missing.",
                value = "deltaforge-checkpoints")
        String checkpointTopic,

        @Setting(
                doc = "Seconds until a record counts as not delivered and its batch is sent again; the default for the"
                        + " client's `delivery.timeout.ms`.",
                value = "60")
        int sendTimeoutSecs,

        @Setting(doc = "Settings of the Kafka client, under librdkafka's names or the Java client's.", value = "{}")
        Map<String, String> clientConf,

        @Setting(
                doc = "Create topics that are missing before the first record goes to them; `{}` with all the brokers'"
                        + " defaults. Without it a missing topic is waited for, unless the brokers create it"
                        + " (auto.create.topics.enable).")
        @Nullable
        CreateTopics createTopics,

        @Setting(
                doc =
                        "Which partition a record goes to. Without it Kafka's own choice: by the key, or anywhere without one.")
        @Nullable
        Partitioning partitioning,

        @Setting(doc = "Topics of log entries by their labels and levels. Without it `topic` alone decides.") @Nullable
        Routing routing)
        implements EffectiveSettings {

    private static final int MAX_SEND_TIMEOUT_SECS = 86_400;

    public KafkaSinkConfig {
        clientConf = Map.copyOf(clientConf);
        Brokers.check(brokers);
        if (sendTimeoutSecs < 1 || sendTimeoutSecs > MAX_SEND_TIMEOUT_SECS) {
            throw new IllegalArgumentException("send_timeout_secs must be between 1 and " + MAX_SEND_TIMEOUT_SECS);
        }
        if (topic.isConstant() && !TopicName.isLegal(topic.toString())) {
            throw new IllegalArgumentException("topic " + TopicName.RULE + ", but is \"" + topic + "\"");
        }
        if (!TopicName.isLegal(checkpointTopic)) {
            throw new IllegalArgumentException(
                    "checkpoint_topic " + TopicName.RULE + ", but is \"" + checkpointTopic + "\"");
        }
        if (key != null && partitioning != null && partitioning.hashedField() != null) {
            throw new IllegalArgumentException("key and partitioning.key_field both make the record's key: keep one");
        }
        ProducerSettings.of(id, brokers, sendTimeoutSecs, exactlyOnce, partitioning, clientConf);
    }

    /** One whose records go where its topic and Kafka's own partitioner say. */
    public KafkaSinkConfig(
            String id,
            String brokers,
            Template topic,
            @Nullable Template key,
            Envelope envelope,
            Encoding encoding,
            boolean required,
            boolean tombstones,
            boolean exactlyOnce,
            String checkpointTopic,
            int sendTimeoutSecs,
            Map<String, String> clientConf,
            @Nullable CreateTopics createTopics) {
        this(
                id,
                brokers,
                topic,
                key,
                envelope,
                encoding,
                required,
                tombstones,
                exactlyOnce,
                checkpointTopic,
                sendTimeoutSecs,
                clientConf,
                createTopics,
                null,
                null);
    }

    ProducerSettings producerSettings() {
        return ProducerSettings.of(id, brokers, sendTimeoutSecs, exactlyOnce, partitioning, clientConf);
    }

    @Override
    public String driver() {
        return "Kafka producer";
    }

    @Override
    public List<EffectiveSetting> effectiveSettings(String pipeline) {
        return producerSettings().explainAll(exactlyOnce ? Optional.of(transactionalId(pipeline)) : Optional.empty());
    }

    /** Unless {@code client_conf} has one. */
    String transactionalId(String pipeline) {
        return "deltaforge-" + pipeline + "-" + id;
    }

    @Override
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(producerSettings().warnings());
        if (partitioning != null && partitioning.enabled() && partitioning.strategy() != Partitioning.Strategy.HASH) {
            if (partitioning.keyField() != null) {
                warnings.add("partitioning.key_field has no effect: only strategy: hash looks at it");
            }
            warnings.add("partitioning.strategy gives up the order per key: records of one key go to all partitions");
        }
        if (tombstones && partitioning != null && partitioning.hashedField() != null) {
            warnings.add("tombstones with partitioning.key_field: each makes a compacted topic forget every record of"
                    + " that field's value, not only the deleted row's");
        }
        return warnings;
    }

    /** Without the secrets of {@code client_conf}. */
    @Override
    public String toString() {
        return "KafkaSinkConfig[id=" + id + ", brokers=" + brokers + ", topic=" + topic + ", key=" + key + ", required="
                + required + ", tombstones=" + tombstones + ", exactlyOnce=" + exactlyOnce + ", sendTimeoutSecs="
                + sendTimeoutSecs + ", clientConf=" + ClientConf.masked(clientConf) + ", createTopics=" + createTopics
                + ", partitioning=" + partitioning + ", routing=" + routing + "]";
    }
}
