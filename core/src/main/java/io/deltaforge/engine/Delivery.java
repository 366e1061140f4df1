package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Delivers a pipeline's batches to one sink, in order, with up to {@code max_inflight} of them on the way. Batches may be
 * acknowledged out of order; only the completed prefix moves the checkpoint (invariant 1).
 *
 * <p>{@link #deliver} is the delivery thread's work. {@link #offer} belongs to the source thread; the rest is thread-safe.
 */
final class Delivery {
    private final Recipient recipient;
    private final Sink sink;
    private final Backlog backlog;
    private final int maxInFlight;
    private final Checkpoints checkpoints;
    private final PipelineMonitor monitor;
    private final Setbacks setbacks;
    private final Patience patience;

    private final Wakeup wakeup = new Wakeup();
    private volatile boolean draining;
    private volatile boolean aborted;

    /** Confined to the delivery thread, but for its size. */
    private final ArrayDeque<Sent> inFlight = new ArrayDeque<>();

    private volatile boolean open;
    private volatile int inFlightCount;
    private volatile long oldestPendingCommitMicros;
    private volatile long delivered;
    /** Events of the entries settled so far, delivered now or before the restart. */
    private long settledEvents;

    private final AlreadyHeld alreadyHeld;

    /**
     * To whom.
     *
     * @param index in the pipeline's list of sinks
     * @param paces whether a batch may wait for company as long as this sink is busy
     */
    record Recipient(int index, Sink sink, SinkContext context, boolean paces) {}

    /**
     * An entry on the way.
     *
     * @param fresh what of it the sink did not hold already
     */
    private record Sent(Entry entry, Batch fresh, CompletableFuture<Void> acknowledged, long sentNanos) {}

    Delivery(
            Recipient recipient,
            Backlog backlog,
            int maxInFlight,
            Checkpoints checkpoints,
            PipelineMonitor monitor,
            Patience patience) {
        this.recipient = recipient;
        this.sink = recipient.sink;
        this.backlog = backlog;
        this.maxInFlight = maxInFlight;
        this.checkpoints = checkpoints;
        this.monitor = monitor;
        this.patience = patience;
        this.setbacks = new Setbacks(sink, monitor, patience);
        this.alreadyHeld = new AlreadyHeld(checkpoints.saved(recipient.index));
    }

    Sink sink() {
        return sink;
    }

    /** True once the sink has connected. */
    boolean isOpen() {
        return open;
    }

    /** What can be seen of it now. */
    PipelineStatus.SinkStatus status() {
        Position saved = checkpoints.saved(recipient.index);
        Backlog.Spooled spooled = backlog.spooled();
        return new PipelineStatus.SinkStatus(
                sink.id(),
                sink.required(),
                delivered,
                backlog.acceptedEvents() - checkpoints.savedEvents(recipient.index),
                oldestPendingCommitMicros,
                saved == null ? null : saved.text(),
                setbacks.trouble(),
                spooled.events(),
                spooled.bytes(),
                spooled.skipped());
    }

    /** Queues a batch; never blocks. */
    void offer(Batch batch) {
        if (backlog.offer(batch)) {
            checkpoints.spooled();
        }
        wakeup.call();
    }

    /** True when a batch offered now would be sent at once, or waiting for more would not help this sink. */
    boolean isHungry() {
        return !recipient.paces || (inFlightCount < maxInFlight && backlog.isEmpty());
    }

    /**
     * No more batches will come: end once everything is delivered. What waits on disk is left there for the next start:
     * stopping a pipeline must not take as long as catching up.
     */
    void drain() {
        draining = true;
        wakeup.call();
    }

    /** End at once, whatever is on the way. */
    void abort() {
        aborted = true;
        wakeup.call();
    }

    /** Frees what the backlog holds open, when no thread works on it any more. */
    void close() {
        backlog.close();
    }

    /** Delivers until drained or aborted. */
    void deliver() throws Failure.Fatal, InterruptedException {
        try {
            boolean more = open();
            while (more) {
                more = step(); // one batch sent or settled
            }
        } finally {
            sink.close();
        }
    }

    /** Tries until it is open; false when the end came first, with nothing to deliver or by {@link #abort}. */
    private boolean open() throws Failure.Fatal, InterruptedException {
        while (!isEnded()) {
            try {
                sink.open(recipient.context);
                open = true;
                setbacks.over();
                return true;
            } catch (Failure | RuntimeException e) {
                await(setbacks.met(Setbacks.failureOf(e)));
            }
        }
        return false;
    }

    private boolean step() throws Failure.Fatal, InterruptedException {
        Sent head = inFlight.peek();
        if (head != null && head.acknowledged.isDone()) {
            settle(head);
            return !aborted;
        }
        Entry next = mayTakeMore() ? backlog.poll() : null;
        if (next != null) {
            send(next, alreadyHeld.without(next.batch()));
            return true;
        }
        if (isEnded()) {
            return false;
        }
        if (draining && backlog.isOnDisk()) {
            // what is on the way is on disk too: an acknowledgement only saves sending it again
            return wakeup.await(patience.beforeSpooling()).isPositive();
        }
        wakeup.await();
        return true;
    }

    private boolean mayTakeMore() {
        return !aborted && inFlight.size() < maxInFlight && !(draining && backlog.isOnDisk());
    }

    private boolean isEnded() {
        return aborted || (draining && inFlight.isEmpty() && (backlog.isOnDisk() || backlog.isEmpty()));
    }

    /** True when waiting for the sink to get better is over. */
    private boolean givesUp() {
        return isEnded() || (draining && backlog.isOnDisk());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // settle() takes the failure from the future itself
    private void send(Entry entry, Batch fresh) {
        long startNanos = System.nanoTime();
        CompletableFuture<Void> acknowledged =
                fresh.size() == 0 ? CompletableFuture.completedFuture(null) : write(fresh);
        inFlight.add(new Sent(entry, fresh, acknowledged, startNanos));
        inFlightCount = inFlight.size();
        notePending();
        if (fresh.size() > 0) {
            monitor.batchSent(sink.id(), fresh.size(), System.nanoTime() - startNanos);
            acknowledged.whenComplete((nothing, failure) -> wakeup.call());
        }
    }

    private CompletableFuture<Void> write(Batch batch) {
        try {
            return sink.write(batch);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void settle(Sent sent) throws Failure.Fatal, InterruptedException {
        try {
            sent.acknowledged.get();
        } catch (ExecutionException e) {
            retry(Setbacks.failureOf(e.getCause()));
            return;
        }
        inFlight.remove();
        inFlightCount = inFlight.size();
        settledEvents += sent.entry.batch().size();
        Position commit = sent.fresh.commit();
        if (commit != null) {
            checkpoints.reached(recipient.index, commit, settledEvents, sent.entry.number());
        }
        backlog.delivered(sent.entry);
        notePending();
        if (sent.fresh.size() > 0) {
            report(sent);
            setbacks.over();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void report(Sent sent) {
        Batch batch = sent.fresh;
        Event last = batch.event(batch.size() - 1);
        delivered += batch.size();
        long nowMillis = System.currentTimeMillis();
        long sinceCommitNanos =
                Math.max(0, nowMillis * 1000 - last.transaction().commitMicros()) * 1000;
        monitor.batchDelivered(sink.id(), batch.size(), System.nanoTime() - sent.sentNanos, sinceCommitNanos);
    }

    private void notePending() {
        Sent head = inFlight.peek();
        oldestPendingCommitMicros = head == null || head.fresh.size() == 0
                ? 0
                : head.fresh.event(0).transaction().commitMicros();
    }

    /** Sends everything that is not acknowledged again, in order, after waiting as the failure asks. */
    private void retry(Failure first) throws Failure.Fatal, InterruptedException {
        Failure failure = first;
        while (true) {
            await(setbacks.met(failure));
            if (givesUp()) {
                aborted = true;
                return;
            }
            try {
                sink.reset();
                break;
            } catch (Failure | RuntimeException e) {
                failure = Setbacks.failureOf(e);
            }
        }
        List<Sent> unacknowledged = new ArrayList<>(inFlight);
        inFlight.clear();
        for (Sent sent : unacknowledged) {
            send(sent.entry, sent.fresh);
        }
    }

    private void await(Duration delay) throws InterruptedException {
        Duration left = delay;
        while (!givesUp() && left.isPositive()) {
            left = wakeup.await(left);
        }
    }
}
