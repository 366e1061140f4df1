package io.deltaforge.engine;

import io.deltaforge.spi.Pressure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds what waits in a pipeline's queues or is on the way (invariant 3), by the fullest of them. Thread-safe: deliveries
 * take and give back, the source thread asks and waits.
 */
final class Room {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition freed = lock.newCondition();
    private final List<QueueLevel> queues;
    private volatile boolean full;
    private volatile boolean closed;

    Room(List<QueueLevel> queues) {
        this.queues = List.copyOf(queues);
    }

    /** True when no queue makes the source wait. */
    boolean isFree() {
        return !full;
    }

    void take(int queue, long bytes, long events) {
        lock.lock();
        try {
            QueueLevel level = queues.get(queue);
            level.add(bytes, events);
            full |= level.pauses();
        } finally {
            lock.unlock();
        }
    }

    void giveBack(int queue, long bytes, long events) {
        lock.lock();
        try {
            queues.get(queue).add(-bytes, -events);
            if (full && !anyPauses()) {
                full = false;
                freed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean anyPauses() {
        for (QueueLevel level : queues) {
            if (level.pauses()) {
                return true;
            }
        }
        return false;
    }

    boolean hasPlaceFor(int queue, long bytes, long events) {
        lock.lock();
        try {
            return queues.get(queue).hasPlaceFor(bytes, events);
        } finally {
            lock.unlock();
        }
    }

    long maxBytes(int queue) {
        return queues.get(queue).maxBytes();
    }

    long maxEvents(int queue) {
        return queues.get(queue).maxEvents();
    }

    PipelineStatus.QueueStatus status(int queue) {
        lock.lock();
        try {
            return queues.get(queue).status();
        } finally {
            lock.unlock();
        }
    }

    /** That of the fullest queue. */
    Pressure pressure() {
        lock.lock();
        try {
            Pressure most = Pressure.NORMAL;
            for (QueueLevel level : queues) {
                most = level.pressure().compareTo(most) > 0 ? level.pressure() : most;
            }
            return most;
        } finally {
            lock.unlock();
        }
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
