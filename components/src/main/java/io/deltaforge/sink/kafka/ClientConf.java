package io.deltaforge.sink.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code client_conf}, which takes librdkafka's names and the Java client's. What stands alone goes into the draft
 * at once; what works together with other properties is asked for by {@link #get}.
 */
final class ClientConf {
    private static final Set<String> OURS =
            Set.of(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

    private final Map<String, Given> given = new TreeMap<>();
    private final SettingsDraft draft;

    /**
     * A property that the user set.
     *
     * @param key as the user wrote it: its name or an alias
     */
    record Given(String key, String value) {}

    private ClientConf(SettingsDraft draft) {
        this.draft = draft;
    }

    static ClientConf read(Map<String, String> clientConf, SettingsDraft draft) {
        ClientConf conf = new ClientConf(draft);
        new TreeMap<>(clientConf).forEach((key, value) -> conf.take(key, value.strip()));
        return conf;
    }

    /** The value of a property by its own name, when the user gave it under that name or an alias. */
    @Nullable
    Given get(String name) {
        return given.get(name);
    }

    @Nullable
    String value(String name) {
        Given property = given.get(name);
        return property == null ? null : property.value;
    }

    private void take(String key, String text) {
        LibrdkafkaProperty property = LibrdkafkaProperties.find(key);
        if (property != null) {
            takeProperty(property, key, text);
        } else if (OURS.contains(key)) {
            draft.problem(key, "cannot be set: the sink's `encoding` makes the bytes");
        } else if (ProducerConfig.configNames().contains(key)) {
            takeJavaSetting(key, text);
        } else {
            String nearest = nearest(key);
            draft.problem(
                    key,
                    "is not known to librdkafka or the Java producer"
                            + (nearest == null ? "" : " (did you mean " + nearest + "?)"));
        }
    }

    private void takeProperty(LibrdkafkaProperty property, String key, String text) {
        String value;
        try {
            value = property.values().read(text);
        } catch (IllegalArgumentException e) {
            draft.problem(key, String.valueOf(e.getMessage()));
            return;
        }
        Given before = given.putIfAbsent(property.name(), new Given(key, value));
        if (before != null) {
            if (!before.value.equals(value)) {
                draft.problem(key, "and " + before.key + " are the same setting and differ: keep one");
            }
            return;
        }
        switch (property.meaning().apply(value)) {
            case LibrdkafkaProperty.Outcome.Becomes becomes -> {
                draft.given(
                        key,
                        becomes.setting(),
                        property.isSecret()
                                ? new SettingsDraft.Hidden(becomes.value())
                                : SettingsDraft.value(becomes.setting(), becomes.value()),
                        becomes.note());
            }
            case LibrdkafkaProperty.Outcome.NoEffect idle -> draft.warning(key, "has no effect: " + idle.why());
            case LibrdkafkaProperty.Outcome.Refused refused -> draft.problem(key, "is refused: " + refused.why());
            case LibrdkafkaProperty.Outcome.Combined combined -> {
                // asked for by name
            }
        }
    }

    private void takeJavaSetting(String key, String text) {
        ConfigDef.ConfigKey definition = ProducerConfig.configDef().configKeys().get(key);
        // a class may come from a plugin that is not here while the configuration is checked
        if (definition != null && definition.type != ConfigDef.Type.CLASS) {
            try {
                Object parsed = ConfigDef.parseType(key, text, definition.type);
                if (definition.validator != null) {
                    definition.validator.ensureValid(key, parsed);
                }
            } catch (ConfigException e) {
                draft.problem(key, "is not accepted by the Java client: " + e.getMessage());
                return;
            }
        }
        if (key.equals(SaslConfigs.SASL_JAAS_CONFIG)) {
            given.put(key, new Given(key, text));
        }
        draft.given(key, key, text);
    }

    /** The known name with the fewest edits, when it is near enough to be worth naming. */
    private static @Nullable String nearest(String key) {
        Set<String> known = new TreeSet<>(ProducerConfig.configNames());
        LibrdkafkaProperties.all().forEach(property -> known.addAll(property.names()));
        String nearest = null;
        int fewest = Math.max(2, key.length() / 4) + 1;
        for (String candidate : known) {
            int edits = edits(key, candidate);
            if (edits < fewest) {
                nearest = candidate;
                fewest = edits;
            }
        }
        return nearest;
    }

    /** Levenshtein's distance. */
    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    /** True for a key whose value must not be shown: a known secret, or a key that nobody knows. */
    static boolean isSecret(String key) {
        LibrdkafkaProperty property = LibrdkafkaProperties.find(key);
        if (property != null) {
            return property.isSecret();
        }
        ConfigDef.ConfigKey definition = ProducerConfig.configDef().configKeys().get(key);
        return definition == null || definition.type == ConfigDef.Type.PASSWORD;
    }

    /** The settings as they may be shown. */
    static String masked(Map<String, String> clientConf) {
        Map<String, String> shown = new TreeMap<>();
        clientConf.forEach((key, value) -> shown.put(key, isSecret(key) ? "***" : value));
        return shown.toString();
    }

    /** One message for all problems; its first word is the key that they are under. */
    static String message(Collection<String> problems) {
        List<String> lines = new ArrayList<>(problems);
        return lines.size() == 1
                ? "client_conf: " + lines.getFirst()
                : "client_conf has " + lines.size() + " problems:\n  " + String.join("\n  ", lines);
    }
}
