package io.deltaforge.sandbox;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** One direction through a {@link FaultProxy}, shared by its connections: open, stalled or limited. Thread-safe. */
final class FaultLine {
    private static final int SLICES_PER_SECOND = 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = new Open();
    private long bytes;

    private sealed interface State {}

    private record Open() implements State {}

    private record Stalled() implements State {}

    private record Limited(long bytesPerSecond, long nextAtNanos) implements State {}

    void open() {
        become(new Open());
    }

    void stall() {
        become(new Stalled());
    }

    void limit(long bytesPerSecond) {
        become(new Limited(bytesPerSecond, System.nanoTime()));
    }

    /** Makes every waiting connection look whether it still exists. */
    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until some of {@code wanted} bytes may pass, and says how many; fails once {@code closed}. */
    int take(int wanted, BooleanSupplier closed) throws IOException, InterruptedException {
        lock.lock();
        try {
            while (true) {
                failIf(closed);
                switch (state) {
                    case Open() -> {
                        bytes += wanted;
                        return wanted;
                    }
                    case Stalled() -> changed.await();
                    case Limited(long perSecond, long nextAtNanos) -> {
                        long now = System.nanoTime();
                        if (nextAtNanos - now <= 0) {
                            int granted = (int) Math.min(wanted, Math.max(1, perSecond / SLICES_PER_SECOND));
                            state = new Limited(perSecond, now + TimeUnit.SECONDS.toNanos(1) * granted / perSecond);
                            bytes += granted;
                            return granted;
                        }
                        changed.awaitNanos(nextAtNanos - now);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits while stalled: the end of a stream is held like its bytes. */
    void awaitOpen(BooleanSupplier closed) throws IOException, InterruptedException {
        lock.lock();
        try {
            while (state instanceof Stalled) {
                failIf(closed);
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private void become(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static void failIf(BooleanSupplier closed) throws IOException {
        if (closed.getAsBoolean()) {
            throw new IOException("the connection was closed");
        }
    }
}
