package io.deltaforge.cli.sandbox;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a count grows, over the last samples. Confined to one thread. */
public final class Rate {
    private static final int SAMPLES = 6;
    private static final double NANOS_A_SECOND = Duration.ofSeconds(1).toNanos();

    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(long nanos, long count) {}

    /** What it is by second, now that the count is this. */
    public double at(long nanos, long count) {
        samples.addLast(new Sample(nanos, count));
        if (samples.size() > SAMPLES) {
            samples.removeFirst();
        }
        Sample oldest = samples.getFirst();
        return nanos == oldest.nanos() ? 0 : (count - oldest.count()) * NANOS_A_SECOND / (nanos - oldest.nanos());
    }
}
