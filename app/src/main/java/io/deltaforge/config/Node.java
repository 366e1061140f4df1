package io.deltaforge.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A YAML value that remembers where it stands. A collection under a key stands where its key does. */
sealed interface Node {

    Place place();

    /**
     * @param text as written, without quotes
     * @param isNull true for {@code null}, {@code ~} and nothing at all
     */
    record Scalar(String text, boolean isNull, Place place) implements Node {}

    record Sequence(List<Node> items, Place place) implements Node {}

    record Mapping(SequencedMap<String, Entry> entries, Place place) implements Node {

        static Mapping empty(Place place) {
            return new Mapping(new LinkedHashMap<>(), place);
        }

        /** The value under the key; {@code null} when the key is missing or has no value. */
        @Nullable
        Node get(String key) {
            Entry entry = entries.get(key);
            return entry == null || entry.value().isNothing() ? null : entry.value();
        }

        /** With another value under the key, which stays where it is. */
        Mapping with(String key, Node value) {
            SequencedMap<String, Entry> changed = new LinkedHashMap<>(entries);
            Entry before = changed.get(key);
            changed.put(key, new Entry(before == null ? value.place() : before.key(), value));
            return new Mapping(changed, place);
        }

        /** Without these keys. */
        Mapping without(String key) {
            SequencedMap<String, Entry> rest = new LinkedHashMap<>(entries);
            rest.remove(key);
            return new Mapping(rest, place);
        }
    }

    /** A key's own place, and its value. */
    record Entry(Place key, Node value) {}

    default boolean isNothing() {
        return this instanceof Scalar scalar && scalar.isNull();
    }
}
