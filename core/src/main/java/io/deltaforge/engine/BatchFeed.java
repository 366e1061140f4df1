package io.deltaforge.engine;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Pressure;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The source's end of the queues: cuts batches and hands each to every delivery. Confined to the source thread. */
final class BatchFeed implements Feed {
    /** The clock is asked once in so many events, because asking costs as much as adding one. */
    private static final int EVENTS_PER_CLOCK_CHECK = 64;

    private static final long BETWEEN_EARLY_BATCHES_NANOS = 1_000_000;

    private final BatchBuilder builder;
    private final long maxWaitNanos;
    private final List<Delivery> deliveries;
    private final Checkpoints checkpoints;
    private final Room room;
    private final SourceProgress progress;
    private final LongSupplier nanoClock;
    private @Nullable Position newestCommit;
    private boolean waiting;
    private long waitingSinceNanos;
    private long handedOnNanos;
    private int eventsSinceClockCheck;

    BatchFeed(
            BatchPolicy policy,
            List<Delivery> deliveries,
            Checkpoints checkpoints,
            Room room,
            SourceProgress progress,
            LongSupplier nanoClock) {
        this.builder = new BatchBuilder(policy);
        this.maxWaitNanos = Duration.ofMillis(policy.maxMs()).toNanos();
        this.deliveries = deliveries;
        this.checkpoints = checkpoints;
        this.room = room;
        this.progress = progress;
        this.nanoClock = nanoClock;
    }

    @Override
    public @Nullable Position resumeFrom() {
        return newestCommit != null ? newestCommit : checkpoints.lowest();
    }

    @Override
    public void event(Event event) {
        builder.add(event);
        if (!waiting) {
            beginWaiting();
        }
        // a commit without events may stand before a full batch: then there are two to hand on
        while (builder.isFull()) {
            handOn(builder.cut());
        }
        if (++eventsSinceClockCheck >= EVENTS_PER_CLOCK_CHECK && !builder.isEmpty() && waitedEnough()) {
            handOn(builder.cut());
        }
    }

    @Override
    public void commit(Position position) {
        boolean beginning = newestCommit == null && builder.isEmpty();
        newestCommit = position;
        builder.commit(position);
        if (!waiting) {
            beginWaiting();
        }
        // where reading begins goes out alone: every sink has a checkpoint then, before the first of them has an event
        if (beginning || builder.isFull() || isAwaited()) {
            handOn(builder.cutAtCommit());
        }
    }

    /**
     * True when the sinks have nothing else to do. At a steady trickle the source is never idle, and without this each commit
     * would wait for {@code max_ms}; the pause keeps batches from becoming single transactions while a backlog is read.
     */
    private boolean isAwaited() {
        return areHungry() && nanoClock.getAsLong() - handedOnNanos >= BETWEEN_EARLY_BATCHES_NANOS;
    }

    private boolean areHungry() {
        for (Delivery delivery : deliveries) {
            if (!delivery.isHungry()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void idle() {
        if (builder.isEmpty()) {
            return;
        }
        if (waitedEnough()) {
            handOn(builder.cut());
        } else if (builder.hasCommit() && areHungry()) {
            // waiting for company would only cost time: the sinks have nothing else to do
            handOn(builder.cutAtCommit());
        }
    }

    private void beginWaiting() {
        waiting = true;
        waitingSinceNanos = nanoClock.getAsLong();
    }

    private boolean waitedEnough() {
        eventsSinceClockCheck = 0;
        return nanoClock.getAsLong() - waitingSinceNanos >= maxWaitNanos;
    }

    private void handOn(Batch batch) {
        waiting = false;
        eventsSinceClockCheck = 0;
        handedOnNanos = nanoClock.getAsLong();
        if (!builder.isEmpty()) {
            waiting = true;
            waitingSinceNanos = handedOnNanos;
        }
        progress.taken(batch);
        for (Delivery delivery : deliveries) {
            delivery.offer(batch);
        }
    }

    /** The source has ended: what is complete goes out, the rest of an open transaction will be read again. */
    void finish() {
        if (builder.hasCommit()) {
            handOn(builder.cutAtCommit());
        }
    }

    @Override
    public boolean hasRoom() {
        return room.isFree();
    }

    @Override
    public Pressure pressure() {
        return room.pressure();
    }

    @Override
    public boolean awaitRoom(Duration atMost) {
        return room.await(atMost);
    }

    @Override
    public @Nullable Position durable() {
        return checkpoints.durable();
    }

    @Override
    public void lagBytes(long bytes) {
        progress.lagBytes(bytes);
    }

    @Override
    public boolean stopped() {
        return room.isClosed();
    }
}
