package io.deltaforge.engine;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.reliability.Backoff;
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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers a pipeline's batches to one sink, in order, with up to {@code max_inflight} of them on the way. Batches may be
 * acknowledged out of order; only the completed prefix moves the checkpoint (invariant 1).
 *
 * <p>{@link #deliver} is the delivery thread's work. {@link #offer} belongs to the source thread; the rest is thread-safe.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final int index;
    private final Sink sink;
    private final SinkContext context;
    private final int maxInFlight;
    private final Room room;
    private final Checkpoints checkpoints;
    private final PipelineMonitor monitor;
    private final Backoff backoff;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by the lock. */
    private final ArrayDeque<Batch> waiting = new ArrayDeque<>();

    private boolean draining;
    private volatile boolean aborted;

    /** Confined to the delivery thread, but for its size. */
    private final ArrayDeque<Sent> inFlight = new ArrayDeque<>();

    private volatile boolean open;
    private volatile int inFlightCount;
    private volatile long oldestPendingCommitMicros;
    private volatile long delivered;
    private volatile @Nullable String trouble;
    /** Events of the feed in the batches settled so far, delivered now or before the restart. */
    private long settledEvents;

    private int failures;
    /** Until the first event beyond it: what the checkpoint says the sink already holds. */
    private @Nullable Position alreadyHeld;

    /**
     * A batch on the way.
     *
     * @param events how many of its events the sink did not hold already
     * @param commit where the checkpoint may move when it is acknowledged
     */
    private record Sent(
            Batch batch, int events, @Nullable Position commit, CompletableFuture<Void> acknowledged, long sentNanos) {}

    Delivery(
            int index,
            Sink sink,
            SinkContext context,
            int maxInFlight,
            Room room,
            Checkpoints checkpoints,
            PipelineMonitor monitor,
            Backoff backoff) {
        this.index = index;
        this.sink = sink;
        this.context = context;
        this.maxInFlight = maxInFlight;
        this.room = room;
        this.checkpoints = checkpoints;
        this.monitor = monitor;
        this.backoff = backoff;
        this.alreadyHeld = checkpoints.saved(index);
    }

    Sink sink() {
        return sink;
    }

    /** True once the sink has connected. */
    boolean isOpen() {
        return open;
    }

    long delivered() {
        return delivered;
    }

    @Nullable
    String trouble() {
        return trouble;
    }

    long oldestPendingCommitMicros() {
        return oldestPendingCommitMicros;
    }

    /** Queues a batch; never blocks, the bound is {@link Room}'s. */
    void offer(Batch batch) {
        room.take(index, batch.sizeBytes());
        lock.lock();
        try {
            waiting.add(batch);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** True when a batch offered now would be sent at once. */
    boolean isHungry() {
        if (inFlightCount >= maxInFlight) {
            return false;
        }
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** No more batches will come: end once everything is delivered. */
    void drain() {
        lock.lock();
        try {
            draining = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** End at once, whatever is on the way. */
    void abort() {
        lock.lock();
        try {
            aborted = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
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
                sink.open(context);
                open = true;
                recovered();
                return true;
            } catch (Failure failure) {
                awaitRetry(failure);
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
        Batch next = nextToSend();
        if (next != null) {
            send(next);
        }
        return next != null || !isEnded();
    }

    /** The next batch when one may be sent now; otherwise waits for a change and returns {@code null}. */
    @SuppressWarnings("WaitNotInLoop") // step() is the loop
    private @Nullable Batch nextToSend() throws InterruptedException {
        lock.lock();
        try {
            if (inFlight.size() < maxInFlight && !waiting.isEmpty()) {
                return waiting.poll();
            }
            Sent head = inFlight.peek();
            boolean nothingToDo = head == null || !head.acknowledged.isDone();
            if (nothingToDo && !aborted && !(draining && head == null)) {
                changed.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean isEnded() {
        lock.lock();
        try {
            return aborted || (draining && waiting.isEmpty() && inFlight.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // settle() takes the failure from the future itself
    private void send(Batch batch) {
        long startNanos = System.nanoTime();
        Position held = alreadyHeld;
        Batch fresh = held == null ? batch : withoutHeld(batch, held);
        Position commit = batch.commit();
        boolean moves = commit != null && (held == null || !held.covers(commit));
        CompletableFuture<Void> acknowledged =
                fresh.size() == 0 ? CompletableFuture.completedFuture(null) : sink.write(fresh);
        inFlight.add(new Sent(batch, fresh.size(), moves ? commit : null, acknowledged, startNanos));
        inFlightCount = inFlight.size();
        notePending();
        if (fresh.size() > 0) {
            monitor.batchSent(sink.id(), fresh.size(), System.nanoTime() - startNanos);
            acknowledged.whenComplete((nothing, failure) -> wake());
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** After a restart the source begins at the lowest checkpoint of all sinks; this one may be further. */
    private Batch withoutHeld(Batch batch, Position held) {
        int first = 0;
        while (first < batch.size() && held.covers(batch.event(first).position())) {
            first++;
        }
        if (first < batch.size()) {
            alreadyHeld = null;
        }
        return first == 0 ? batch : batch.from(first);
    }

    private void settle(Sent sent) throws Failure.Fatal, InterruptedException {
        try {
            sent.acknowledged.get();
        } catch (ExecutionException e) {
            retry(failureOf(e.getCause()));
            return;
        }
        inFlight.remove();
        inFlightCount = inFlight.size();
        Batch batch = sent.batch;
        settledEvents += batch.size();
        if (sent.commit != null) {
            checkpoints.reached(index, sent.commit, settledEvents);
        }
        room.giveBack(index, batch.sizeBytes());
        notePending();
        if (sent.events > 0) {
            report(sent);
        }
        recovered();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void report(Sent sent) {
        Event last = sent.batch.event(sent.batch.size() - 1);
        delivered += sent.events;
        long nowMillis = System.currentTimeMillis();
        long sinceCommitNanos =
                Math.max(0, nowMillis * 1000 - last.transaction().commitMicros()) * 1000;
        monitor.batchDelivered(sink.id(), sent.events, System.nanoTime() - sent.sentNanos, sinceCommitNanos);
    }

    private void notePending() {
        Sent head = inFlight.peek();
        oldestPendingCommitMicros = head == null || head.batch.size() == 0
                ? 0
                : head.batch.event(0).transaction().commitMicros();
    }

    private static Failure failureOf(@Nullable Throwable cause) {
        return cause instanceof Failure failure
                ? failure
                : new Failure.Fatal("the sink failed in a way it does not know: " + cause, cause);
    }

    /** Sends everything that is not acknowledged again, in order, after waiting as the failure asks. */
    private void retry(Failure first) throws Failure.Fatal, InterruptedException {
        Failure failure = first;
        while (!aborted) {
            awaitRetry(failure);
            try {
                sink.reset();
                break;
            } catch (Failure again) {
                failure = again;
            }
        }
        if (aborted) {
            return;
        }
        List<Sent> unacknowledged = new ArrayList<>(inFlight);
        inFlight.clear();
        for (Sent sent : unacknowledged) {
            send(sent.batch);
        }
    }

    private void awaitRetry(Failure failure) throws Failure.Fatal, InterruptedException {
        switch (failure) {
            case Failure.Fatal fatal -> {
                monitor.sinkFailed(sink.id(), "fatal");
                throw fatal;
            }
            case Failure.Rejected rejected -> {
                monitor.sinkFailed(sink.id(), "rejected");
                throw new Failure.Fatal(
                        "sink " + sink.id() + " cannot deliver " + rejected.getMessage()
                                + " Nothing was skipped: the checkpoint stays before it.",
                        rejected);
            }
            case Failure.Retryable retryable -> {
                monitor.sinkFailed(sink.id(), "retryable");
                failures++;
                Duration asked = retryable.after();
                Duration delay = asked != null ? asked : backoff.delay(failures);
                if (failures == 1) {
                    LOG.warn("sink {}: {}; trying again in {} ms", sink.id(), failure.getMessage(), delay.toMillis());
                }
                trouble = String.valueOf(failure.getMessage());
                awaitUnlessEnded(delay);
            }
        }
    }

    private void recovered() {
        if (failures > 0) {
            LOG.info("sink {}: delivering again after {} failed attempts", sink.id(), failures);
            failures = 0;
            trouble = null;
        }
    }

    private void awaitUnlessEnded(Duration delay) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = delay.toNanos();
            while (!isEnded() && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
        } finally {
            lock.unlock();
        }
    }
}
