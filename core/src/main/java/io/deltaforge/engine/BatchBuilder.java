package io.deltaforge.engine;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.BatchPolicy;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gathers events into batches. Confined to the source thread.
 *
 * <p>A batch ends where a transaction ends, and then carries the position to commit; or, when one transaction alone is
 * larger than a batch, it is a piece of that transaction and carries none. So memory stays bounded however large a
 * transaction is, and a checkpoint never lies inside one.
 */
final class BatchBuilder {
    private final BatchPolicy policy;
    private Event[] events;
    private int size;
    private long bytes;
    /** How many of the events belong to transactions that have ended. */
    private int committedSize;

    private long committedBytes;
    private @Nullable Position committed;

    BatchBuilder(BatchPolicy policy) {
        this.policy = policy;
        this.events = new Event[initialCapacity()];
    }

    private int initialCapacity() {
        return Math.min(policy.maxEvents(), 256);
    }

    void add(Event event) {
        if (size == events.length) {
            events = Arrays.copyOf(events, size * 2);
        }
        events[size++] = event;
        bytes += event.sizeBytes();
    }

    void commit(Position position) {
        committed = position;
        committedSize = size;
        committedBytes = bytes;
    }

    boolean isEmpty() {
        return size == 0 && committed == null;
    }

    boolean isFull() {
        return size >= policy.maxEvents() || bytes >= policy.maxBytes();
    }

    /** True when a transaction has ended, or the log moved on, since the last cut. */
    boolean hasCommit() {
        return committed != null;
    }

    /** Takes out what has ended; what belongs to the open transaction stays. Asks for {@link #hasCommit}. */
    Batch cutAtCommit() {
        int openSize = size - committedSize;
        long openBytes = bytes - committedBytes;
        Event[] open = new Event[Math.max(initialCapacity(), openSize)];
        System.arraycopy(events, committedSize, open, 0, openSize);
        Batch batch = new Batch(events, committedSize, committedBytes, committed);
        begin(open, openSize, openBytes);
        return batch;
    }

    /** Takes out everything, the open transaction's events too. */
    Batch cutAll() {
        Batch batch = new Batch(events, size, bytes, committed);
        begin(new Event[initialCapacity()], 0, 0);
        return batch;
    }

    /** Takes out what a full batch should hold under the policy. */
    Batch cut() {
        return policy.respectSourceTx() && hasCommit() ? cutAtCommit() : cutAll();
    }

    private void begin(Event[] open, int openSize, long openBytes) {
        events = open;
        size = openSize;
        bytes = openBytes;
        committed = null;
        committedSize = 0;
        committedBytes = 0;
    }
}
