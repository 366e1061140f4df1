package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;

/**
 * What follows when a batch is settled: the checkpoint and the backlog hear of it, and whoever looks. Confined to the
 * delivery thread.
 */
final class Settlement {
    private final int recipient;
    private final Backlog backlog;
    private final Window window;
    private final Checkpoints checkpoints;
    private final DeliveryFigures figures;
    private final Flight flight;
    /** Delivered now or before the restart. */
    private long settledEvents;

    Settlement(
            Recipient recipient,
            Backlog backlog,
            Window window,
            Checkpoints checkpoints,
            DeliveryFigures figures,
            Flight flight) {
        this.recipient = recipient.index();
        this.backlog = backlog;
        this.window = window;
        this.checkpoints = checkpoints;
        this.figures = figures;
        this.flight = flight;
    }

    /** What was on the way has arrived. */
    void arrived(Sent sent) {
        window.settled(sent.fresh());
        passed(sent.entry(), sent.fresh());
        if (sent.hasEvents()) {
            figures.delivered(sent);
        }
    }

    /** Nobody needs to keep it for this sink any more (invariant 1). */
    void passed(Entry entry, Batch fresh) {
        settledEvents += entry.batch().size();
        Position commit = fresh.commit();
        if (commit != null) {
            checkpoints.reached(recipient, commit, settledEvents, entry.number());
        }
        backlog.delivered(entry);
        look();
    }

    /** What is on the way is another. */
    void look() {
        figures.oldest(flight.head());
        figures.hungry(window.isHungry());
    }
}
