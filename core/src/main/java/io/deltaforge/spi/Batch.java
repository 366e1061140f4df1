package io.deltaforge.spi;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Events in the order of their source: the unit of delivery. Immutable. */
public final class Batch {
    private final Event[] events;
    private final int size;
    private final long sizeBytes;
    private final @Nullable Position commit;

    /**
     * Takes the array without copying.
     *
     * @param commit the position that may become the checkpoint once this batch and all before it are delivered;
     *     {@code null} when no transaction ends in the batch
     */
    public Batch(Event[] events, int size, long sizeBytes, @Nullable Position commit) {
        this.events = events;
        this.size = size;
        this.sizeBytes = sizeBytes;
        this.commit = commit;
    }

    /** May be 0: a batch without events carries only a position, when a source moved on with nothing to deliver. */
    public int size() {
        return size;
    }

    public Event event(int index) {
        return events[index];
    }

    /** The batch without its first {@code first} events. */
    public Batch from(int first) {
        return new Batch(Arrays.copyOfRange(events, first, size), size - first, sizeBytes, commit);
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    public @Nullable Position commit() {
        return commit;
    }
}
