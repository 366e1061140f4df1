package io.deltaforge.engine;

import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of a pipeline's batches to one sink, as the rest of the pipeline sees it. {@link #deliver} is the delivery
 * thread's work. {@link #offer} belongs to the source thread; the rest is thread-safe.
 */
final class Delivery {
    private final Recipient recipient;
    private final Backlog backlog;
    private final Checkpoints checkpoints;
    private final Standing standing;
    private final Ending ending = new Ending();
    private final DeliveryLoop loop;
    /** Where the source cannot pause. */
    private final @Nullable Overflow overflow;

    Delivery(
            Recipient recipient,
            Backlog backlog,
            Window window,
            Checkpoints checkpoints,
            DeadLetters deadLetters,
            boolean sourceCannotPause,
            PipelineMonitor monitor,
            Patience patience) {
        this.recipient = recipient;
        this.backlog = backlog;
        this.checkpoints = checkpoints;
        this.standing = new Standing(recipient, checkpoints);
        this.loop = new DeliveryLoop(
                recipient, backlog, window, checkpoints, deadLetters, standing, ending, monitor, patience);
        this.overflow = sourceCannotPause
                ? new Overflow(recipient, new Selection(recipient.filter()), deadLetters, monitor, patience.nanoClock())
                : null;
    }

    Sink sink() {
        return recipient.sink();
    }

    /** True once the sink has connected. */
    boolean isOpen() {
        return loop.figures().isOpen();
    }

    /** True while it only tries to open its sink, for nothing: all there is to deliver is on disk, or there is nothing. */
    boolean isOpeningForNothing() {
        return !isOpen() && (backlog.isOnDisk() || backlog.isEmpty());
    }

    /** As {@link Standing#await}. */
    void awaitPosition() throws InterruptedException {
        standing.await();
    }

    /** The end has come: nobody is to wait for the position any more. */
    void stopAwaitingPosition() {
        standing.stopWaiting();
    }

    /** What can be seen of it now. */
    PipelineStatus.SinkStatus status() {
        return loop.figures().status();
    }

    /** Queues a batch; never blocks, unless the source cannot pause. */
    void offer(Batch batch) {
        if (backlog.offer(overflow == null ? batch : overflow.admitted(batch))) {
            checkpoints.spooled();
        }
        ending.wakeup().call();
    }

    /** True when a batch offered now would be sent at once, or waiting for more would not help this sink. */
    boolean isHungry() {
        return !recipient.paces() || (loop.figures().isHungry() && backlog.isEmpty());
    }

    /** Something changed that it may wait for. */
    void wake() {
        ending.wakeup().call();
    }

    /**
     * No more batches will come: end once everything is delivered. What waits on disk is left there for the next start:
     * stopping a pipeline must not take as long as catching up.
     */
    void drain() {
        ending.drain();
    }

    /** End at once, whatever is on the way. */
    void abort() {
        ending.abort();
    }

    /** Frees what the backlog holds open, when no thread works on it any more. */
    void close() {
        backlog.close();
    }

    /** Delivers until drained or aborted. */
    void deliver() throws Failure.Fatal, Rewind, InterruptedException {
        loop.run();
    }
}
