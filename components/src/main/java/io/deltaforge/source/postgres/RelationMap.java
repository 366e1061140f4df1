package io.deltaforge.source.postgres;

import org.jspecify.annotations.Nullable;

/** Relations by object identifier, without boxing: open addressing with linear probing. Confined to one thread. */
final class RelationMap {
    private @Nullable Relation[] slots = new Relation[64];
    private int size;

    @Nullable
    Relation get(int id) {
        int mask = slots.length - 1;
        for (int i = home(id) & mask; ; i = (i + 1) & mask) {
            Relation candidate = slots[i];
            if (candidate == null || candidate.id() == id) {
                return candidate;
            }
        }
    }

    void put(Relation relation) {
        if (2 * (size + 1) > slots.length) {
            @Nullable Relation[] old = slots;
            slots = new Relation[2 * old.length];
            for (Relation kept : old) {
                if (kept != null) {
                    place(kept);
                }
            }
        }
        if (place(relation)) {
            size++;
        }
    }

    /** True when it took a free slot. */
    private boolean place(Relation relation) {
        int mask = slots.length - 1;
        int i = home(relation.id()) & mask;
        for (; ; i = (i + 1) & mask) {
            Relation present = slots[i];
            if (present == null || present.id() == relation.id()) {
                slots[i] = relation;
                return present == null;
            }
        }
    }

    private static int home(int id) {
        int hash = id * 0x9E3779B9;
        return hash >>> 16 ^ hash;
    }
}
