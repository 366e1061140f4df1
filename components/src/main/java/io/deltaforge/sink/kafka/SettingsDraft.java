package io.deltaforge.sink.kafka;

import io.deltaforge.spi.EffectiveSetting;
import io.deltaforge.spi.EffectiveSetting.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/** The producer's settings in the making, with where each comes from and all that is wrong. Confined to one thread. */
final class SettingsDraft {
    private static final String CLIENT_CONF = "client_conf ";

    private final SortedMap<String, Entry> entries = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** A value of a setting. */
    sealed interface Value {
        /** As it may be seen. */
        String shown();
    }

    record Plain(String text) implements Value {
        @Override
        public String shown() {
            return text;
        }
    }

    record Hidden(String text) implements Value {
        @Override
        public String shown() {
            return "***";
        }

        @Override
        public String toString() {
            return shown();
        }
    }

    /**
     * Read when the sink opens, because checking a configuration does no I/O; may end in other settings.
     *
     * @param files what the loader reads; none where the text stands in the configuration
     */
    record FromFiles(String shown, List<Path> files, Loader loader) implements Value {}

    /** Reads files into settings. */
    interface Loader {
        Map<String, String> load() throws IOException, GeneralSecurityException;
    }

    private record Entry(Value value, Origin origin, String note) {}

    void byDefault(String setting, String value) {
        entries.put(setting, new Entry(value(setting, value), new Origin.Default(), ""));
    }

    /** A value that follows a setting of the sink's own. */
    void byOwnSetting(String key, String setting, String value) {
        entries.put(setting, new Entry(value(setting, value), new Origin.OwnSetting(key), ""));
    }

    /** A value of the user's; two of them for one setting are a problem unless they agree. */
    void given(String key, String setting, Value value, String note) {
        Entry before = entries.get(setting);
        if (before != null && before.origin instanceof Origin.Given other && !before.value.equals(value)) {
            problem(
                    key,
                    "and " + other.key().substring(CLIENT_CONF.length()) + " both set " + setting
                            + " and differ: keep one");
            return;
        }
        entries.put(setting, new Entry(value, new Origin.Given(CLIENT_CONF + key), note));
    }

    void given(String key, String setting, String value) {
        given(key, setting, value(setting, value), "");
    }

    void derived(String setting, String value, String because) {
        entries.put(setting, new Entry(value(setting, value), new Origin.Derived(because), ""));
    }

    void derived(String setting, Value value, String because) {
        entries.put(setting, new Entry(value, new Origin.Derived(because), ""));
    }

    /** Adds to what is worth knowing about a setting. */
    void note(String setting, String note) {
        entries.computeIfPresent(
                setting,
                (name, entry) ->
                        new Entry(entry.value, entry.origin, entry.note.isEmpty() ? note : entry.note + "; " + note));
    }

    void problem(String key, String problem) {
        problems.add(key + " " + problem);
    }

    /** Something that the user should hear of when the pipeline starts. */
    void warning(String key, String warning) {
        warnings.add(CLIENT_CONF + key + " " + warning);
    }

    boolean has(String setting) {
        return entries.containsKey(setting);
    }

    boolean isGiven(String setting) {
        Entry entry = entries.get(setting);
        return entry != null && entry.origin instanceof Origin.Given;
    }

    /** The text of a setting; {@code null} when it is not set or comes from files. */
    @Nullable
    String text(String setting) {
        Entry entry = entries.get(setting);
        return entry == null
                ? null
                : switch (entry.value) {
                    case Plain plain -> plain.text;
                    case Hidden hidden -> hidden.text;
                    case FromFiles files -> null;
                };
    }

    String text(String setting, String otherwise) {
        String text = text(setting);
        return text == null ? otherwise : text;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    List<EffectiveSetting> explain() {
        List<EffectiveSetting> settings = new ArrayList<>();
        entries.forEach((name, entry) ->
                settings.add(new EffectiveSetting(name, entry.value.shown(), entry.origin, entry.note)));
        return settings;
    }

    Map<String, Value> values() {
        SortedMap<String, Value> values = new TreeMap<>();
        entries.forEach((name, entry) -> values.put(name, entry.value));
        return values;
    }

    /** Hidden where the Java client takes the setting for a password. */
    static Value value(String setting, String text) {
        ConfigDef.ConfigKey key = ProducerConfig.configDef().configKeys().get(setting);
        return key != null && key.type == ConfigDef.Type.PASSWORD ? new Hidden(text) : new Plain(text);
    }
}
