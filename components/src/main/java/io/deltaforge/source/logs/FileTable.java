package io.deltaforge.source.logs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The files that positions speak of, each with a number of its own. A file that is gone for good is retired: its number is
 * never used again, and every position counts as having covered it. Thread-safe.
 */
final class FileTable {

    private static final int MOST_RETIRED = 1000;

    /** A file with a number. */
    static final class Slot {
        private final int index;
        private final FileIdentity identity;
        private volatile @Nullable Fingerprint later;
        private volatile long furthest;

        private Slot(int index, FileIdentity identity) {
            this.index = index;
            this.identity = identity;
        }

        int index() {
            return index;
        }

        FileIdentity identity() {
            return identity;
        }

        /** The longest fingerprint known. */
        Fingerprint fingerprint() {
            Fingerprint known = later;
            return known == null ? identity.birth() : known;
        }

        @Nullable
        Fingerprint later() {
            return later;
        }

        /** It has grown: there is more to recognise it by. */
        void recogniseBy(Fingerprint longer) {
            later = longer;
        }

        /** How far any checkpoint that was read back is in it. */
        long furthest() {
            return furthest;
        }

        /** True when a file of the same inode that begins with these bytes is this one. */
        boolean matches(byte[] head, int count, long size) {
            return size >= furthest
                    && identity.birth().matches(head, count)
                    && fingerprint().matches(head, count);
        }
    }

    private final Map<FileIdentity, Slot> byIdentity = new HashMap<>();
    private final Map<Inode, List<Slot>> byInode = new HashMap<>();
    /** What was last retired, and how far it was read: it may come again, compressed. */
    private final Map<Fingerprint, Long> retired = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Fingerprint, Long> eldest) {
            return size() > MOST_RETIRED;
        }
    };

    /** By their numbers; {@code null} where retired. */
    private volatile @Nullable Slot[] slots = new @Nullable Slot[64];

    private int count;

    /** The file with this number; {@code null} when it is retired. */
    @Nullable
    Slot at(int index) {
        @Nullable Slot[] known = slots;
        return index < known.length ? known[index] : null;
    }

    /** The one of this identity, made when there is none. */
    synchronized Slot intern(FileIdentity identity, @Nullable Fingerprint later, long offset) {
        Slot slot = byIdentity.get(identity);
        if (slot == null) {
            slot = add(identity);
        }
        if (later != null && slot.later == null) {
            slot.later = later;
        }
        slot.furthest = Math.max(slot.furthest, offset);
        return slot;
    }

    /**
     * The known file of this inode that begins with these bytes, and the last of them: those before it are no more. {@code
     * null} when there is none.
     */
    synchronized @Nullable Slot find(Inode inode, byte[] head, int count, long size) {
        for (Slot slot : byInode.getOrDefault(inode, List.of()).reversed()) {
            if (slot.matches(head, count, size)) {
                return slot;
            }
        }
        return null;
    }

    /** A file never seen before. */
    synchronized Slot create(Inode inode, Fingerprint birth) {
        int generation = 0;
        while (byIdentity.containsKey(new FileIdentity(inode, birth, generation))) {
            generation++;
        }
        return add(new FileIdentity(inode, birth, generation));
    }

    private Slot add(FileIdentity identity) {
        @Nullable Slot[] known = slots;
        if (count == known.length) {
            known = Arrays.copyOf(known, count * 2);
        }
        Slot slot = new Slot(count++, identity);
        known[slot.index] = slot;
        slots = known; // makes the element visible too
        byIdentity.put(identity, slot);
        byInode.computeIfAbsent(slot.identity.inode(), any -> new ArrayList<>(1))
                .add(slot);
        return slot;
    }

    /**
     * Some known file with this content.
     *
     * @param offsets how far each file was read; what is not read of a file proves nothing
     * @return how far it was read; 0 when there is none
     */
    synchronized long readOf(byte[] head, int count, long size, ToLongFunction<Slot> offsets) {
        long most = 0;
        for (Slot slot : byIdentity.values()) {
            most = Math.max(most, readOf(slot.fingerprint(), offsets.applyAsLong(slot), head, count, size));
        }
        for (Map.Entry<Fingerprint, Long> gone : retired.entrySet()) {
            most = Math.max(most, readOf(gone.getKey(), gone.getValue(), head, count, size));
        }
        return most;
    }

    private static long readOf(Fingerprint known, long offset, byte[] head, int count, long size) {
        boolean tells = known.isWhole() || known.length() >= offset;
        return tells && offset <= size && known.matches(head, count) ? offset : 0;
    }

    /**
     * It is gone for good, and all that is to be had of it was read.
     *
     * @param offset how far
     */
    synchronized void retire(Slot slot, long offset) {
        retired.put(slot.fingerprint(), offset);
        @Nullable Slot[] known = slots;
        known[slot.index] = null;
        slots = known;
        byIdentity.remove(slot.identity);
        List<Slot> sameInode = byInode.get(slot.identity.inode());
        if (sameInode != null && sameInode.remove(slot) && sameInode.isEmpty()) {
            byInode.remove(slot.identity.inode());
        }
    }

    /** All that are not retired. */
    synchronized List<Slot> live() {
        return List.copyOf(byIdentity.values());
    }
}
