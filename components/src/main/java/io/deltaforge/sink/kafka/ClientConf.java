package io.deltaforge.sink.kafka;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Reads {@code client_conf}: librdkafka's names and the Java client's. */
final class ClientConf {
    private ClientConf() {}

    static void apply(Map<String, String> clientConf, Map<String, Object> settings) {
        clientConf.forEach((name, value) -> {
            switch (name) {
                case "message.timeout.ms" -> {
                    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, value);
                    long request = Math.max(1, Long.parseLong(value) - 5);
                    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(Math.min(30_000, request)));
                }
                default -> settings.put(name, value);
            }
        });
    }
}
