package io.deltaforge.spi.intake;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where entries wait between the threads on which they arrive and the source thread; bounded in bytes, of which one arrival
 * may be more. Thread-safe.
 */
public final class Intake {
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition freed = lock.newCondition();
    private final ArrayDeque<Arrival> waiting = new ArrayDeque<>();
    private final ArrayDeque<Arrival> unpausable = new ArrayDeque<>();
    private long waitingBytes;
    private long unpausableBytes;
    private boolean pressed;
    private boolean bounded = true;
    private boolean finished;

    /** @param receipt completed when the entries are durable; exceptionally when the source ends before */
    record Arrival(List<Draft> drafts, long bytes, @Nullable CompletableFuture<Void> receipt) {}

    /** @param maxBytes most that may wait */
    public Intake(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Leaves the entries here, and waits for room as long as there is none. They form a transaction, in this order. */
    public void put(List<Draft> drafts) throws InterruptedException {
        if (drafts.isEmpty()) {
            return;
        }
        Arrival arrival = arrival(drafts, null);
        lock.lockInterruptibly();
        try {
            while (isFull()) {
                freed.await();
            }
            add(arrival);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Leaves the entries here if there is room; false when there is none, or the pipeline is under pressure.
     *
     * @param drafts at least one; they form a transaction, in this order
     * @param receipt completed when the entries are durable at the sinks; exceptionally when the source ends before
     */
    public boolean offer(List<Draft> drafts, @Nullable CompletableFuture<Void> receipt) {
        Arrival arrival = arrival(drafts, receipt);
        lock.lock();
        try {
            if (pressed || isFull()) {
                return false;
            }
            add(arrival);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Leaves an entry here whose sender cannot wait, under pressure too; false when there is no room. It has a place of its
     * own, as large, and goes before what others left.
     */
    public boolean offerUnpausable(Draft entry) {
        Arrival arrival = arrival(List.of(entry), null);
        lock.lock();
        try {
            if (unpausableBytes >= maxBytes) {
                return false;
            }
            unpausable.add(arrival);
            unpausableBytes += arrival.bytes;
            arrived.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** True when {@link #offer} would find no room. */
    public boolean isPressed() {
        lock.lock();
        try {
            return pressed || isFull();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will arrive. */
    public void finish() {
        lock.lock();
        try {
            finished = true;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Lets in at once whoever waits in {@link #put}: the source is about to end, and hands on all that was read. */
    public void letIn() {
        lock.lock();
        try {
            bounded = false;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The bound holds (again). */
    void bound() {
        lock.lock();
        try {
            bounded = true;
        } finally {
            lock.unlock();
        }
    }

    void press(boolean now) {
        lock.lock();
        try {
            pressed = now;
        } finally {
            lock.unlock();
        }
    }

    /** The next arrival; {@code null} when none comes in time. */
    @Nullable
    Arrival take(long atMostNanos) {
        lock.lock();
        try {
            long leftNanos = atMostNanos;
            while (waiting.isEmpty() && unpausable.isEmpty() && !finished && leftNanos > 0) {
                leftNanos = arrived.awaitNanos(leftNanos);
            }
            Arrival next = pollUnpausable();
            if (next != null) {
                return next;
            }
            next = waiting.poll();
            if (next != null) {
                waitingBytes -= next.bytes;
                freed.signalAll();
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** The next arrival whose sender cannot wait; {@code null} when there is none. */
    @Nullable
    Arrival takeUnpausable() {
        lock.lock();
        try {
            return pollUnpausable();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Arrival pollUnpausable() {
        Arrival next = unpausable.poll();
        if (next != null) {
            unpausableBytes -= next.bytes;
        }
        return next;
    }

    boolean isFinished() {
        lock.lock();
        try {
            return finished && waiting.isEmpty() && unpausable.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    long waitingBytes() {
        lock.lock();
        try {
            return waitingBytes + unpausableBytes;
        } finally {
            lock.unlock();
        }
    }

    private boolean isFull() {
        return bounded && waitingBytes >= maxBytes;
    }

    private void add(Arrival arrival) {
        waiting.add(arrival);
        waitingBytes += arrival.bytes;
        arrived.signal();
    }

    private static Arrival arrival(List<Draft> drafts, @Nullable CompletableFuture<Void> receipt) {
        long bytes = 0;
        for (Draft draft : drafts) {
            bytes += draft.sizeBytes();
        }
        return new Arrival(drafts, bytes, receipt);
    }
}
