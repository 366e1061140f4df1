package io.deltaforge.engine;

import io.deltaforge.event.Derived;
import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.EventFilter;
import java.util.Arrays;

/** Leaves out what a sink is not to be given. Confined to one thread. */
final class Selection {
    private final EventFilter filter;
    private final boolean everything;
    private final Derived<Table, Boolean> tables;

    Selection(EventFilter filter) {
        this.filter = filter;
        this.everything = filter.isNone();
        this.tables = new Derived<>(filter::passes);
    }

    /** The batch with what passes, maybe nothing; its commit stays: what was left out must not hold up the checkpoint. */
    Batch of(Batch batch) {
        if (everything) {
            return batch;
        }
        Event[] kept = new Event[batch.size()];
        int size = 0;
        long sizeBytes = 0;
        for (int i = 0; i < batch.size(); i++) {
            Event event = batch.event(i);
            if (passes(event)) {
                kept[size++] = event;
                sizeBytes += event.sizeBytes();
            }
        }
        return size == batch.size() ? batch : new Batch(Arrays.copyOf(kept, size), size, sizeBytes, batch.commit());
    }

    private boolean passes(Event event) {
        return filter.passesOp(event)
                && (event instanceof RowChange change ? tables.of(change.table()) : filter.passesWithoutTable());
    }
}
