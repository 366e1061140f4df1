package io.deltaforge.engine;

import io.deltaforge.spi.Pressure;
import io.deltaforge.spi.SinkPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How full one sink's queue is, and which step of {@link Pressure} that makes. Guarded by its {@link Room}'s lock.
 *
 * <p>A step is left only well below where it was entered, or a queue that hovers at a threshold would flap: emergency below
 * the critical threshold, critical below the warning threshold, warning a tenth below that.
 */
final class QueueLevel {
    private static final double CALM = 0.9;

    private final long maxBytes;
    private final long maxEvents;
    private final SinkPolicy.@Nullable Backpressure thresholds;
    private final PressureNews news;
    private long bytes;
    private long events;
    private Pressure pressure = Pressure.NORMAL;

    /** @param maxBytes at which it is full; so it is at the policy's {@code queue_size} */
    QueueLevel(long maxBytes, SinkPolicy policy, PressureNews news) {
        Integer size = policy.queueSize();
        this.maxBytes = maxBytes;
        this.maxEvents = size == null ? Long.MAX_VALUE : size;
        this.thresholds = policy.thresholds();
        this.news = news;
    }

    long maxBytes() {
        return maxBytes;
    }

    long maxEvents() {
        return maxEvents;
    }

    /** @param moreBytes negative for what left the queue; so are {@code moreEvents} */
    void add(long moreBytes, long moreEvents) {
        bytes += moreBytes;
        events += moreEvents;
        Pressure before = pressure;
        pressure = next();
        if (pressure != Pressure.NORMAL || before != Pressure.NORMAL) {
            news.seen(before, pressure, utilization());
        }
    }

    private Pressure next() {
        double used = utilization();
        if (thresholds == null) {
            return used >= 1 ? Pressure.CRITICAL : Pressure.NORMAL;
        }
        Pressure reached = reached(used, thresholds);
        if (reached.compareTo(pressure) >= 0) {
            return reached;
        }
        if (pressure == Pressure.EMERGENCY && used >= thresholds.queueCriticalThreshold()) {
            return Pressure.EMERGENCY;
        }
        if (pressure.compareTo(Pressure.CRITICAL) >= 0 && used >= thresholds.queueWarningThreshold()) {
            return Pressure.CRITICAL;
        }
        return used >= thresholds.queueWarningThreshold() * CALM ? Pressure.WARNING : Pressure.NORMAL;
    }

    private static Pressure reached(double used, SinkPolicy.Backpressure thresholds) {
        if (used >= thresholds.queueEmergencyThreshold()) {
            return Pressure.EMERGENCY;
        }
        if (used >= thresholds.queueCriticalThreshold()) {
            return Pressure.CRITICAL;
        }
        return used >= thresholds.queueWarningThreshold() ? Pressure.WARNING : Pressure.NORMAL;
    }

    /** 1 when it is full, by what is scarcer, bytes or events; more when one batch went beyond. */
    double utilization() {
        return part(bytes, events);
    }

    private double part(long ofBytes, long ofEvents) {
        return Math.max(ofBytes / (double) maxBytes, ofEvents / (double) maxEvents);
    }

    Pressure pressure() {
        return pressure;
    }

    /** True when the source is to wait. */
    boolean pauses() {
        return pressure.compareTo(Pressure.CRITICAL) >= 0;
    }

    /** True when there is a place even for what did not wait to be asked. An empty queue takes any batch. */
    boolean hasPlaceFor(long moreBytes, long moreEvents) {
        return (bytes == 0 && events == 0)
                || (pressure != Pressure.EMERGENCY && part(bytes + moreBytes, events + moreEvents) <= 1);
    }

    PipelineStatus.QueueStatus status() {
        return new PipelineStatus.QueueStatus(events, bytes, utilization(), pressure);
    }
}
