package io.deltaforge.engine;

import io.deltaforge.reliability.FailureBreaker;
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
    private final PipelineMonitor monitor;
    /** Where the sink's policy has one. */
    private final @Nullable FailureBreaker breaker;

    Breaker(String sink, SinkPolicy policy, PipelineMonitor monitor) {
        this.sink = sink;
        this.monitor = monitor;
        SinkPolicy.CircuitBreaker settings = policy.breaker();
        this.breaker = settings == null ? null : new FailureBreaker(settings, state -> tell(state, settings.timeout()));
    }

    private void tell(FailureBreaker.State state, Duration timeout) {
        switch (state) {
            case OPEN -> {
                monitor.breakerOpened(sink);
                LOG.warn("sink {}: its circuit breaker opened: nothing is sent for {} ms", sink, timeout.toMillis());
            }
            case HALF_OPEN -> LOG.info("sink {}: its circuit breaker is half open: one batch at a time is tried", sink);
            case CLOSED -> LOG.info("sink {}: its circuit breaker closed: all is sent again", sink);
        }
    }

    /** Any thread. */
    FailureBreaker.State state() {
        return breaker == null ? FailureBreaker.State.CLOSED : breaker.state();
    }

    /** An attempt failed. */
    void failed() {
        if (breaker != null) {
            breaker.failed();
        }
    }

    /** An attempt succeeded. */
    void worked() {
        if (breaker != null) {
            breaker.worked();
        }
    }

    /** How long nothing is to be sent; when that is over it is half open. Zero when something may be. */
    Duration blocked() {
        return breaker == null ? Duration.ZERO : breaker.blocked();
    }

    boolean isClosed() {
        return state() == FailureBreaker.State.CLOSED;
    }

    boolean isHalfOpen() {
        return state() == FailureBreaker.State.HALF_OPEN;
    }
}
