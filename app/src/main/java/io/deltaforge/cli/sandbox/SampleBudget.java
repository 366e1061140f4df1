package io.deltaforge.cli.sandbox;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets through so many lines a second that a reader can follow, and counts the others. Confined to one thread. */
public final class SampleBudget {
    private static final double NANOS_A_SECOND = Duration.ofSeconds(1).toNanos();

    private final double linesPerSecond;
    private final LongSupplier nanoTime;
    private double left;
    private long refilledNanos;
    private long shown;
    private long passedOver;

    public SampleBudget(int linesPerSecond, LongSupplier nanoTime) {
        this.linesPerSecond = linesPerSecond;
        this.nanoTime = nanoTime;
        this.left = linesPerSecond;
        this.refilledNanos = nanoTime.getAsLong();
    }

    /** Whether to show one more line; a second's worth can be saved up. */
    public boolean take() {
        long now = nanoTime.getAsLong();
        left = Math.min(linesPerSecond, left + (now - refilledNanos) / NANOS_A_SECOND * linesPerSecond);
        refilledNanos = now;
        if (left < 1) {
            passedOver++;
            return false;
        }
        left--;
        shown++;
        return true;
    }

    /** Of how many lines one was shown since the last call; 1 when all were. */
    public double oneInSinceLast() {
        double ratio = passedOver == 0 ? 1 : (double) (shown + passedOver) / Math.max(1, shown);
        shown = 0;
        passedOver = 0;
        return ratio;
    }
}
