package io.deltaforge.sandbox;

import java.util.BitSet;

/**
 * A set of PostgreSQL's transaction ids without their epoch (32 bits), which mostly follow one another: one bit each.
 * Thread-safe.
 */
final class TransactionIds {
    private static final long XID_MASK = 0xFFFF_FFFFL;

    private final BitSet distances = new BitSet();
    private long first = -1;

    synchronized void add(long id) {
        if (first < 0) {
            first = id & XID_MASK;
        }
        distances.set(distance(id));
    }

    synchronized boolean contains(long id) {
        int distance = distance(id);
        return first >= 0 && distance >= 0 && distances.get(distance);
    }

    /** From the first id, modulo 2³²; negative for those long before it. */
    private int distance(long id) {
        return (int) (id - first);
    }
}
