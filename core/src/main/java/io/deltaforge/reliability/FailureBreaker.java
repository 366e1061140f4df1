package io.deltaforge.reliability;

import dev.failsafe.CircuitBreaker;
import io.deltaforge.spi.SinkPolicy;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A circuit breaker that is told outcomes and asked whether to go on, instead of wrapping calls: the outcome of a delivery comes
 * later. Confined to one thread, but for {@link #state}.
 */
public final class FailureBreaker {
    private final CircuitBreaker<Object> breaker;

    /** What it lets through. */
    public enum State {
        /** Everything. */
        CLOSED,
        /** Nothing. */
        OPEN,
        /** One at a time. */
        HALF_OPEN
    }

    /** @param changes called with the new state, on the thread that brought it about */
    public FailureBreaker(SinkPolicy.CircuitBreaker settings, Consumer<State> changes) {
        this.breaker = CircuitBreaker.builder()
                .withFailureThreshold(settings.failureThreshold())
                .withSuccessThreshold(settings.successThreshold())
                .withDelay(settings.timeout())
                .onOpen(change -> changes.accept(State.OPEN))
                .onHalfOpen(change -> changes.accept(State.HALF_OPEN))
                .onClose(change -> changes.accept(State.CLOSED))
                .build();
    }

    /** Any thread. */
    public State state() {
        return switch (breaker.getState()) {
            case CLOSED -> State.CLOSED;
            case OPEN -> State.OPEN;
            case HALF_OPEN -> State.HALF_OPEN;
        };
    }

    /** An attempt failed. While it is open nobody tries: who waited for an earlier answer has failed with that. */
    public void failed() {
        if (!breaker.isOpen()) {
            breaker.recordFailure();
        }
    }

    /** An attempt succeeded. */
    public void worked() {
        if (!breaker.isOpen()) {
            breaker.recordSuccess();
        }
    }

    /** How long nothing is to be tried; when that is over it is half open. Zero when something may be. */
    public Duration blocked() {
        if (!breaker.isOpen()) {
            return Duration.ZERO;
        }
        Duration left = breaker.getRemainingDelay();
        if (left.isPositive()) {
            return left;
        }
        breaker.halfOpen();
        return Duration.ZERO;
    }
}
