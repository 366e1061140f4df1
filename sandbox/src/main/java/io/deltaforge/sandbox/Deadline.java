package io.deltaforge.sandbox;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A moment until which a server's readiness is asked for again and again. */
final class Deadline {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final long atNanos;

    private Deadline(long atNanos) {
        this.atNanos = atNanos;
    }

    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** Pauses shortly; false when the time is up or this thread was interrupted. */
    boolean pause() {
        LockSupport.parkNanos(PAUSE.toNanos());
        return !passed() && !Thread.currentThread().isInterrupted();
    }

    boolean passed() {
        return System.nanoTime() - atNanos >= 0;
    }

    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, atNanos - System.nanoTime()));
    }
}
