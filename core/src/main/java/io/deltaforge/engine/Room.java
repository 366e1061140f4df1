package io.deltaforge.engine;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the bytes that wait in a pipeline's queues or are on the way (invariant 3), by the fullest of them. Thread-safe:
 * deliveries take and give back, the source thread asks and waits.
 */
final class Room {
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final long[] usedBytes;
    private volatile boolean full;
    private volatile boolean closed;

    /** @param queues how many queues share the bound, each up to {@code maxBytes} */
    Room(long maxBytes, int queues) {
        this.maxBytes = maxBytes;
        this.usedBytes = new long[queues];
    }

    boolean isFree() {
        return !full;
    }

    void take(int queue, long bytes) {
        lock.lock();
        try {
            usedBytes[queue] += bytes;
            full |= usedBytes[queue] >= maxBytes;
        } finally {
            lock.unlock();
        }
    }

    void giveBack(int queue, long bytes) {
        lock.lock();
        try {
            usedBytes[queue] -= bytes;
            if (full && !anyFull()) {
                full = false;
                freed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean anyFull() {
        for (long used : usedBytes) {
            if (used >= maxBytes) {
                return true;
            }
        }
        return false;
    }

    /** Waits until there is room, {@link #close} was called or the time is over; returns {@link #isFree}. */
    boolean await(Duration atMost) {
        lock.lock();
        try {
            long leftNanos = atMost.toNanos();
            while (full && !closed && leftNanos > 0) {
                leftNanos = freed.awaitNanos(leftNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return isFree();
    }

    /** Waits until {@link #close} was called or the time is over. */
    void awaitClosed(Duration atMost) {
        lock.lock();
        try {
            long leftNanos = atMost.toNanos();
            while (!closed && leftNanos > 0) {
                leftNanos = freed.awaitNanos(leftNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** No more events are wanted; wakes the source. */
    void close() {
        lock.lock();
        try {
            closed = true;
            freed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
