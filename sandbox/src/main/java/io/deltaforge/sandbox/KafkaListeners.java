package io.deltaforge.sandbox;

import java.util.Locale;
import java.util.Map;

/**
 * Ways into a {@link KafkaCluster} beside its listener PLAINTEXT. What they check is said by the server properties {@code
 * listener.name.<name>.…}.
 *
 * @param protocols Kafka's security protocol of each, e.g. SASL_SSL, by the listener's name
 * @param systemProperties of the brokers' JVMs, where a check needs some
 */
public record KafkaListeners(Map<String, String> protocols, Map<String, String> systemProperties) {
    /** The listener of {@link #proxied}. */
    public static final String PROXIED = "PROXIED";

    static final String PLAINTEXT = "PLAINTEXT";
    static final String CONTROLLER = "CONTROLLER";

    public KafkaListeners {
        protocols = Map.copyOf(protocols);
        systemProperties = Map.copyOf(systemProperties);
        if (protocols.containsKey(PLAINTEXT) || protocols.containsKey(CONTROLLER)) {
            throw new IllegalArgumentException("listeners PLAINTEXT and CONTROLLER are there anyway");
        }
    }

    static KafkaListeners none() {
        return new KafkaListeners(Map.of(), Map.of());
    }

    /** A listener {@link #PROXIED}, on which each broker is reached through a fault proxy: {@link KafkaCluster#proxy}. */
    public static KafkaListeners proxied() {
        return new KafkaListeners(Map.of(PROXIED, "PLAINTEXT"), Map.of());
    }

    /** The start of the server properties of one listener. */
    public static String prefix(String listener) {
        return "listener.name." + listener.toLowerCase(Locale.ROOT) + ".";
    }
}
