package io.deltaforge.sink.kafka;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.Template;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of a required sink that delivers at least once, gives a delivery a minute, and has no key of its own. */
final class SinkConfigs {
    private SinkConfigs() {}

    static KafkaSinkConfig of(
            String brokers, String topic, Map<String, String> clientConf, @Nullable CreateTopics createTopics) {
        return of(brokers, topic, new NativeEnvelope(), clientConf, createTopics, null, null);
    }

    static KafkaSinkConfig of(
            String brokers,
            String topic,
            Envelope envelope,
            Map<String, String> clientConf,
            @Nullable CreateTopics createTopics,
            @Nullable Partitioning partitioning,
            @Nullable Routing routing) {
        return new KafkaSinkConfig(
                "sink",
                brokers,
                Template.parse(topic),
                null,
                envelope,
                new JsonEncoding(),
                true,
                false,
                false,
                "deltaforge-checkpoints",
                60,
                clientConf,
                createTopics,
                partitioning,
                routing);
    }
}
