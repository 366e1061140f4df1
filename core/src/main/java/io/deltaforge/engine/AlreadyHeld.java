package io.deltaforge.engine;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out what a sink held when the pipeline started: the source begins at the lowest position of all sinks, and this
 * one may be further. Confined to one thread.
 */
final class AlreadyHeld {
    private static final Event[] NO_EVENTS = {};

    /** Until the first event beyond it. */
    private @Nullable Position held;

    AlreadyHeld(@Nullable Position held) {
        this.held = held;
    }

    /** The batch without the events held, and without its commit when that is held: maybe with nothing. */
    Batch without(Batch batch) {
        Position limit = held;
        if (limit == null) {
            return batch;
        }
        int first = 0;
        while (first < batch.size() && limit.covers(batch.event(first).position())) {
            first++;
        }
        if (first < batch.size()) {
            held = null;
            return first == 0 ? batch : batch.from(first);
        }
        Position commit = batch.commit();
        return new Batch(NO_EVENTS, 0, 0, commit == null || limit.covers(commit) ? null : commit);
    }
}
