package io.deltaforge.engine;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes the one thread that waits; a call that comes first is not lost. Thread-safe. */
final class Wakeup {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean called;

    void call() {
        lock.lock();
        try {
            called = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Returns at once when it was called since it returned last. */
    void await() throws InterruptedException {
        lock.lock();
        try {
            while (!called) {
                changed.await();
            }
            called = false;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #await()}, but no longer than this; returns what is left of it. */
    Duration await(Duration atMost) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = atMost.toNanos();
            while (!called && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
            called = false;
            return Duration.ofNanos(Math.max(0, leftNanos));
        } finally {
            lock.unlock();
        }
    }
}
