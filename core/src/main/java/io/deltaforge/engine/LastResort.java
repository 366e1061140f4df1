package io.deltaforge.engine;

import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.SinkPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a batch that a sink might take later goes to the dead letter queue instead, as the sink's policy says. Confined to
 * the delivery thread.
 */
final class LastResort {
    private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);

    private final String sink;
    private final SinkPolicy policy;
    private final DeadLetters letters;
    private Failure.@Nullable Retryable lastFailure;
    private boolean saidNotWhole;

    LastResort(String sink, SinkPolicy policy, DeadLetters letters) {
        this.sink = sink;
        this.policy = policy;
        this.letters = letters;
    }

    /** The sink failed; {@code null} after a failure of another kind, which is none to go on after. */
    void failed(Failure failure) {
        lastFailure = failure instanceof Failure.Retryable retryable ? retryable : null;
    }

    /** True when it has failed so often that it is not to be sent again. */
    boolean isDueFor(Flight.Tried tried) {
        Integer most = policy.retryMax();
        return most != null && tried.failures() > most && takesLastFailure();
    }

    /** True when it takes what comes, as long as the circuit breaker is open. */
    boolean takesLastFailure() {
        SinkPolicy.Letters wanted = policy.dlq();
        Failure.Retryable failure = lastFailure;
        return wanted != null
                && failure != null
                && (wanted.sendOnError() || (wanted.sendOnTimeout() && failure.isTimeout()));
    }

    /**
     * Keeps the batch. To be called while {@link #takesLastFailure}.
     *
     * @return true when it is durable; false when there is no place for it, and it has to be sent after all
     */
    boolean keeps(Batch batch, int failures) throws Failure {
        if (!letters.keepsWhole(batch)) {
            if (!saidNotWhole) {
                saidNotWhole = true;
                LOG.warn(
                        "sink {}: a batch cannot go to the dead letter queue, which would not keep it whole (secret_columns,"
                                + " max_event_bytes, max_entries): it is sent again until it arrives",
                        sink);
            }
            return false;
        }
        boolean timeout = lastFailure != null && lastFailure.isTimeout();
        String why = lastFailure == null ? "" : ": " + lastFailure.getMessage();
        try {
            letters.add(
                    sink,
                    batch,
                    WholeBatch.rejected(
                            batch,
                            timeout ? WholeBatch.TIMEOUT : WholeBatch.ERROR,
                            failures == 0
                                    ? "not sent, the circuit breaker was open" + why
                                    : "not delivered in " + failures + (failures == 1 ? " attempt" : " attempts")
                                            + why));
            return true;
        } catch (Failure.Retryable full) {
            return false; // the queue says so itself; the sink may be back before there is room
        }
    }
}
