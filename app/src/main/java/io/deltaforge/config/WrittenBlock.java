package io.deltaforge.config;

import java.util.List;
import java.util.Optional;

/** A block as it is written, with its record's defaults for what is not. Immutable. */
record WrittenBlock(Node.Mapping mapping, Class<? extends Record> type, String path) {

    /** What is written there, or else the default. */
    Optional<Node> node(String key) {
        Node written = mapping.get(key);
        if (written != null) {
            return Optional.of(written);
        }
        String text = keys().stream()
                .filter(known -> known.name().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(type + " has no key " + key))
                .defaultText();
        return text.isEmpty() ? Optional.empty() : Optional.of(new Node.Scalar(text, false, mapping.place()));
    }

    boolean isWritten(String key) {
        return mapping.get(key) != null;
    }

    /** The block below the key; empty when it is not written. */
    Optional<WrittenBlock> block(String key, Class<? extends Record> blockType) {
        return mapping.get(key) instanceof Node.Mapping block
                ? Optional.of(new WrittenBlock(block, blockType, pathOf(key)))
                : Optional.empty();
    }

    /** The block below the key; with nothing in it when it is not written. */
    WrittenBlock blockOrDefaults(String key, Class<? extends Record> blockType) {
        return block(key, blockType)
                .orElseGet(() -> new WrittenBlock(Node.Mapping.empty(mapping.place()), blockType, pathOf(key)));
    }

    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    List<Key> keys() {
        return Key.of(type);
    }
}
