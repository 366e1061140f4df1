package io.deltaforge.engine;

import dev.failsafe.CircuitBreaker;
import io.deltaforge.spi.SinkPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a sink alone after many failures in a row. Half open, one batch at a time is sent, until enough have arrived or one
 * has failed. Outlives the passages of its pipeline: going back to the checkpoints is no sign that the sink works. Confined
 * to the sink's delivery thread, but for {@link #state}.
 */
final class Breaker {
    private static final Logger LOG = LoggerFactory.getLogger(Breaker.class);

    private final String sink;
    private final @Nullable CircuitBreaker<Object> breaker;

    Breaker(String sink, SinkPolicy policy, PipelineMonitor monitor) {
        this.sink = sink;
        SinkPolicy.CircuitBreaker settings = policy.breaker();
        this.breaker = settings == null ? null : breaker(settings, monitor);
    }

    private CircuitBreaker<Object> breaker(SinkPolicy.CircuitBreaker settings, PipelineMonitor monitor) {
        return CircuitBreaker.builder()
                .withFailureThreshold(settings.failureThreshold())
                .withSuccessThreshold(settings.successThreshold())
                .withDelay(settings.timeout())
                .onOpen(change -> {
                    monitor.breakerOpened(sink);
                    LOG.warn(
                            "sink {}: its circuit breaker opened: nothing is sent for {} ms",
                            sink,
                            settings.timeout().toMillis());
                })
                .onHalfOpen(change ->
                        LOG.info("sink {}: its circuit breaker is half open: one batch at a time is tried", sink))
                .onClose(change -> LOG.info("sink {}: its circuit breaker closed: all is sent again", sink))
                .build();
    }

    /** Any thread. */
    PipelineStatus.BreakerState state() {
        return breaker == null
                ? PipelineStatus.BreakerState.CLOSED
                : switch (breaker.getState()) {
                    case CLOSED -> PipelineStatus.BreakerState.CLOSED;
                    case OPEN -> PipelineStatus.BreakerState.OPEN;
                    case HALF_OPEN -> PipelineStatus.BreakerState.HALF_OPEN;
                };
    }

    /** An attempt failed. Whoever waits for an answer to an earlier one while it is open has failed with it. */
    void failed() {
        if (breaker != null && !breaker.isOpen()) {
            breaker.recordFailure();
        }
    }

    /** An attempt succeeded. */
    void worked() {
        if (breaker != null && !breaker.isOpen()) {
            breaker.recordSuccess();
        }
    }

    /** How long nothing is to be sent; when that is over it is half open. Zero when something may be. */
    Duration blocked() {
        if (breaker == null || !breaker.isOpen()) {
            return Duration.ZERO;
        }
        Duration left = breaker.getRemainingDelay();
        if (left.isPositive()) {
            return left;
        }
        breaker.halfOpen();
        return Duration.ZERO;
    }

    boolean isClosed() {
        return breaker == null || breaker.isClosed();
    }

    boolean isHalfOpen() {
        return breaker != null && breaker.isHalfOpen();
    }
}
