package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Setting;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of {@code dlq: type: kafka}. */
public record KafkaDlqConfig(
        @Setting(doc = "The dead letter topic. Create it; it should keep its records long and not be compacted.")
        String topic,

        @Setting(
                doc =
                        "The sink whose `brokers` and `client_conf` are used. Without it and without `brokers`, those of the"
                                + " pipeline's only Kafka sink.")
        @Nullable
        String sink,

        @Setting(doc = "Brokers of another cluster, `host:port`, separated by commas.") @Nullable
        String brokers,

        @Setting(doc = "Settings of the Kafka client for `brokers`, as a sink's `client_conf`.", value = "{}")
        Map<String, String> clientConf,

        @Setting(doc = "Seconds until an entry counts as not delivered and is sent again.", value = "60")
        int sendTimeoutSecs,

        @Setting(
                doc =
                        "Most bytes of an entry's key and value; what is larger is cut. The default leaves room within what a"
                                + " broker takes by default. What the topic does not take even so goes there without its payload.",
                value = "900000")
        int maxEventBytes,

        @Setting(
                doc = "Columns whose values must not lie in the topic, as `journal.secret_columns`.",
                value = "['*password*', '*passwd*', '*secret*', '*api_key*', '*token']")
        List<String> secretColumns) {

    public KafkaDlqConfig {
        clientConf = Map.copyOf(clientConf);
        secretColumns = List.copyOf(secretColumns);
        require(TopicName.isLegal(topic), "topic " + TopicName.RULE + ", but is \"" + topic + "\"");
        require(sink == null || brokers == null, "sink cannot stand beside brokers: keep one");
        require(brokers != null || clientConf.isEmpty(), "client_conf belongs to brokers: the sink has its own");
        require(sendTimeoutSecs >= 1 && sendTimeoutSecs <= 86_400, "send_timeout_secs must be between 1 and 86400");
        require(maxEventBytes >= 0, "max_event_bytes must not be negative");
        if (brokers != null) {
            Brokers.check(brokers);
            ProducerSettings.of("dlq", brokers, sendTimeoutSecs, false, clientConf);
        }
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Without the secrets of {@code client_conf}. */
    @Override
    public String toString() {
        return "KafkaDlqConfig[topic=" + topic + ", sink=" + sink + ", brokers=" + brokers + ", clientConf="
                + ClientConf.masked(clientConf) + ", sendTimeoutSecs=" + sendTimeoutSecs + ", maxEventBytes="
                + maxEventBytes + "]";
    }
}
