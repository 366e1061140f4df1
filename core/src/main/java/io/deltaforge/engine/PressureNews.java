package io.deltaforge.engine;

import io.deltaforge.spi.Pressure;
import io.deltaforge.spi.SinkPolicy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells, in the log and the metrics, how full a sink's queue is. A step that is reached is counted each time and logged the
 * first time since all was well, then once a minute. Guarded by its {@link Room}'s lock.
 */
final class PressureNews {
    private static final Logger LOG = LoggerFactory.getLogger(PressureNews.class);
    private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();
    /** Also when all was well in between: a queue that swings is one piece of news, not hundreds. */
    private static final long AT_LEAST_NANOS = Duration.ofSeconds(10).toNanos();

    private final String sink;
    private final SinkPolicy policy;
    private final boolean sourcePauses;
    private final PipelineMonitor monitor;
    private final LongSupplier nanoClock;
    private final Map<Pressure, Long> loggedAtNanos = new EnumMap<>(Pressure.class);
    /** Steps that were logged, but not since all was well. */
    private final Set<Pressure> calmSince = EnumSet.noneOf(Pressure.class);

    private boolean warned;

    PressureNews(
            String sink, SinkPolicy policy, boolean sourcePauses, PipelineMonitor monitor, LongSupplier nanoClock) {
        this.sink = sink;
        this.policy = policy;
        this.sourcePauses = sourcePauses;
        this.monitor = monitor;
        this.nanoClock = nanoClock;
    }

    /** The queue changed while it was, or is, above normal. */
    void seen(Pressure before, Pressure now, double utilization) {
        SinkPolicy.Backpressure thresholds = policy.thresholds();
        if (thresholds == null) {
            return; // nobody asked to be told
        }
        if (now.compareTo(before) > 0) {
            monitor.pressureRose(sink, now);
        }
        if (now == Pressure.NORMAL) {
            if (warned) {
                warned = false;
                calm(utilization);
            }
            calmSince.addAll(loggedAtNanos.keySet());
        } else if (now.compareTo(before) >= 0 && isNews(now)) {
            warned = true;
            say(now, utilization, thresholds.onEmergency());
        }
    }

    private boolean isNews(Pressure step) {
        long now = nanoClock.getAsLong();
        Long loggedAt = loggedAtNanos.get(step);
        boolean isNews = loggedAt == null
                || now - loggedAt >= AGAIN_NANOS
                || (calmSince.contains(step) && now - loggedAt >= AT_LEAST_NANOS);
        if (isNews) {
            loggedAtNanos.put(step, now);
            calmSince.remove(step);
        }
        return isNews;
    }

    private void say(Pressure step, double utilization, SinkPolicy.@Nullable OnEmergency onEmergency) {
        String percent = percent(utilization);
        switch (step) {
            case NORMAL, WARNING -> LOG.warn("sink {}: its queue is {} full", sink, percent);
            case CRITICAL ->
                LOG.warn(
                        "sink {}: its queue is {} full; {}",
                        sink,
                        percent,
                        sourcePauses ? "the source waits until it has taken some" : "the source cannot wait");
            case EMERGENCY -> {
                if (sourcePauses) {
                    LOG.warn("sink {}: its queue is {} full, and the source waits", sink, percent);
                } else {
                    LOG.error(
                            "sink {}: its queue is {} full and the source cannot wait: {}",
                            sink,
                            percent,
                            whatBecomesOfMore(onEmergency));
                }
            }
        }
    }

    private static String whatBecomesOfMore(SinkPolicy.@Nullable OnEmergency onEmergency) {
        return switch (onEmergency) {
            case DLQ -> "what comes now goes to the dead letter queue (backpressure.on_emergency: dlq)";
            case DROP -> "what comes now is dropped (backpressure.on_emergency: drop)";
            case WAIT -> "it is held up (backpressure.on_emergency: wait)";
            case null -> "what comes now goes to the dead letter queue where there is one, else it is held up";
        };
    }

    private void calm(double utilization) {
        LOG.info("sink {}: its queue is back to normal ({} full)", sink, percent(utilization));
    }

    private static String percent(double utilization) {
        return Math.round(utilization * 100) + " %";
    }
}
