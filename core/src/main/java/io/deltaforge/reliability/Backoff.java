package io.deltaforge.reliability;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: doubling from {@code first} to {@code most}, each shortened by up to a half at
 * random so that many clients of one broken server do not come back in step.
 */
public record Backoff(Duration first, Duration most, RandomGenerator random) {

    public Backoff {
        if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("first must be positive and not longer than most");
        }
    }

    /** @param failures how many attempts have failed in a row, at least 1 */
    public Duration delay(int failures) {
        long doubled = first.toNanos() << Math.min(failures - 1, 20);
        long nanos = doubled <= 0 ? most.toNanos() : Math.min(doubled, most.toNanos());
        return Duration.ofNanos(nanos / 2 + random.nextLong(nanos / 2 + 1));
    }
}
