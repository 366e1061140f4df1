package io.deltaforge.config;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** A block of a tree in the making, which notes where each of its parts came from. Confined to one thread. */
final class TreeBlock {
    private final SequencedMap<String, Node.Entry> entries = new LinkedHashMap<>();
    private final String path;
    private final Place place;
    private final Origins origins;

    /** @param place where it comes from, as that of everything in it that has none of its own */
    TreeBlock(String path, Place place, Origins origins) {
        this.path = path;
        this.place = place;
        this.origins = origins;
    }

    /** Of everything that was put into it, and will be. */
    Node.Mapping node() {
        return new Node.Mapping(entries, place);
    }

    /** What nobody wrote. */
    void put(String key, String text) {
        entries.put(key, new Node.Entry(place, new Node.Scalar(text, false, place)));
    }

    /** What was written elsewhere. */
    void put(String key, Node value, String origin) {
        entries.put(key, new Node.Entry(value.place(), value));
        origins.put(pathOf(key), origin);
    }

    /** What was written elsewhere, with all below it. */
    void putCopied(String key, Node value, String origin) {
        entries.put(key, new Node.Entry(value.place(), value));
        origins.putCopied(pathOf(key), origin);
    }

    /** A block in this one, which comes from the same or from a block of its own. */
    TreeBlock block(String key, Place from, String origin) {
        TreeBlock block = new TreeBlock(pathOf(key), from, origins);
        entries.put(key, new Node.Entry(from, block.node()));
        origins.put(pathOf(key), origin);
        return block;
    }

    /** Where a key of it will stand. */
    String pathOf(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }
}
