package io.deltaforge.bench;

import java.util.Arrays;

/** How long each of many things took. */
final class Latencies {
    private final long[] sorted;

    /** @param nanos at least one, in any order */
    Latencies(long[] nanos) {
        sorted = nanos.clone();
        Arrays.sort(sorted);
    }

    private double millis(double quantile) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * quantile))] / 1e6;
    }

    @Override
    public String toString() {
        return "p50 %.1f ms   p90 %.1f ms   p99 %.1f ms   p99.9 %.1f ms   max %.1f ms"
                .formatted(millis(0.5), millis(0.9), millis(0.99), millis(0.999), millis(1));
    }
}
