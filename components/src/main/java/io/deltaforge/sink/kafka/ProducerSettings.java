package io.deltaforge.sink.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The Kafka producer's settings: safe and fast defaults of ours, under what the user says in {@code client_conf}. */
final class ProducerSettings {
    private ProducerSettings() {}

    static Map<String, Object> of(KafkaSinkConfig config) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.brokers());
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, "deltaforge-" + config.id());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, "5");
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(256 * 1024));
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Long.toString(1000L * config.sendTimeoutSecs()));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Long.toString(1000L * config.sendTimeoutSecs()));
        ClientConf.apply(config.clientConf(), settings);
        return settings;
    }
}
