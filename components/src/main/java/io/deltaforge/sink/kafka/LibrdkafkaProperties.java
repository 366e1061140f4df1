package io.deltaforge.sink.kafka;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every property of librdkafka's CONFIGURATION.md (2.11), global and per topic. */
final class LibrdkafkaProperties {
    private static final Map<String, LibrdkafkaProperty> BY_NAME = byName();

    private LibrdkafkaProperties() {}

    /** The property of this name or alias, if there is one. */
    static @Nullable LibrdkafkaProperty find(String name) {
        return BY_NAME.get(name);
    }

    /** Sorted by name. */
    static List<LibrdkafkaProperty> all() {
        List<LibrdkafkaProperty> all = new ArrayList<>(new HashSet<>(BY_NAME.values()));
        all.sort(Comparator.comparing(LibrdkafkaProperty::name));
        return all;
    }

    private static Map<String, LibrdkafkaProperty> byName() {
        List<LibrdkafkaProperty> all = new ArrayList<>();
        all.addAll(DeliveryProperties.ALL);
        all.addAll(ConnectionProperties.ALL);
        all.addAll(SecurityProperties.ALL);
        all.addAll(IdleProperties.ALL);
        Map<String, LibrdkafkaProperty> byName = new HashMap<>();
        for (LibrdkafkaProperty property : all) {
            for (String name : property.names()) {
                if (byName.put(name, property) != null) {
                    throw new IllegalStateException(name + " stands twice in the table");
                }
            }
        }
        return Map.copyOf(byName);
    }
}
