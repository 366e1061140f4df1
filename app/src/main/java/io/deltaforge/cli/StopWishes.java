package io.deltaforge.cli;

import java.time.Duration;
import java.util.function.LongSupplier;

/** What each signal asks for: the first that the program stops, one that comes later that it ends at once. Thread-safe. */
final class StopWishes {
    /** timeout(1), for one, signals the process and then its whole group: within this time two signals are one wish. */
    private static final Duration SAME_WISH = Duration.ofMillis(500);

    private final LongSupplier nanoTime;
    private boolean heard;
    private long firstNanos;

    enum Wish {
        STOP,
        SAME,
        AT_ONCE
    }

    /** @param nanoTime as {@link System#nanoTime} */
    StopWishes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A signal has come. */
    synchronized Wish next() {
        long now = nanoTime.getAsLong();
        if (!heard) {
            heard = true;
            firstNanos = now;
            return Wish.STOP;
        }
        return now - firstNanos < SAME_WISH.toNanos() ? Wish.SAME : Wish.AT_ONCE;
    }
}
