package io.deltaforge.engine;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out what a sink held when the pipeline started: the source begins at the lowest position of all sinks, and this
 * one may be further. Where a source has several streams, such as files, what is held and what is not may come in any order
 * until the source is beyond all of it; a commit before that would take the checkpoint back. Confined to one thread.
 */
final class AlreadyHeld {
    private static final Event[] NO_EVENTS = {};

    /** Until the first commit beyond it. */
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
        Position commit = batch.commit();
        boolean beyond = commit != null && commit.covers(limit) && !limit.covers(commit);
        if (beyond) {
            held = null;
        }
        Event[] fresh = new Event[batch.size()];
        int count = 0;
        long bytes = 0;
        for (int i = 0; i < batch.size(); i++) {
            Event event = batch.event(i);
            if (!limit.covers(event.position())) {
                fresh[count++] = event;
                bytes += event.sizeBytes();
            }
        }
        return new Batch(count == 0 ? NO_EVENTS : fresh, count, bytes, beyond ? commit : null);
    }
}
