package io.deltaforge.engine;

import io.deltaforge.event.Position;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What can be seen of a delivery. Written by the delivery thread, read by any. */
final class DeliveryFigures {
    private final Recipient recipient;
    private final Backlog backlog;
    private final Checkpoints checkpoints;
    private final Setbacks setbacks;
    private final PipelineMonitor monitor;
    private final LongSupplier nanoClock;
    private volatile long oldestOnTheWayCommitMicros;
    private volatile boolean open;
    private volatile boolean hungry = true;

    DeliveryFigures(
            Recipient recipient,
            Backlog backlog,
            Checkpoints checkpoints,
            Setbacks setbacks,
            PipelineMonitor monitor,
            LongSupplier nanoClock) {
        this.recipient = recipient;
        this.backlog = backlog;
        this.checkpoints = checkpoints;
        this.setbacks = setbacks;
        this.monitor = monitor;
        this.nanoClock = nanoClock;
    }

    /** The sink has connected. */
    void opened() {
        open = true;
    }

    boolean isOpen() {
        return open;
    }

    /** Whether a batch that came now would be sent without waiting for those on the way. */
    void hungry(boolean now) {
        hungry = now;
    }

    boolean isHungry() {
        return hungry;
    }

    PipelineStatus.SinkStatus status() {
        Position saved = checkpoints.saved(recipient.index());
        Backlog.Spooled spooled = backlog.spooled();
        long onTheWayMicros = oldestOnTheWayCommitMicros;
        return new PipelineStatus.SinkStatus(
                recipient.sink().id(),
                recipient.sink().required(),
                recipient.progress().events(),
                backlog.acceptedEvents() - checkpoints.savedEvents(recipient.index()),
                onTheWayMicros == 0 ? backlog.oldestCommitMicros() : onTheWayMicros,
                saved == null ? null : saved.text(),
                setbacks.trouble(),
                spooled.events(),
                spooled.bytes(),
                spooled.skipped(),
                recipient.room().status(),
                recipient.progress().breaker().state());
    }

    /** @param head the oldest on the way */
    void oldest(@Nullable Sent head) {
        oldestOnTheWayCommitMicros = head == null || !head.hasEvents()
                ? 0
                : head.fresh().event(0).transaction().commitMicros();
    }

    /** The sink holds its events. */
    void delivered(Sent sent) {
        recipient.progress().delivered(sent.held());
        long sinceCommitMicros = Math.max(0, System.currentTimeMillis() * 1000 - sent.commitMicros());
        monitor.batchDelivered(
                recipient.sink().id(), sent.held(), nanoClock.getAsLong() - sent.nanos(), sinceCommitMicros * 1000);
    }
}
