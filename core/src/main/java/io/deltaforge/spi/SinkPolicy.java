package io.deltaforge.spi;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the engine treats a sink, whatever its type: written among the sink's own settings, taken from there before the sink
 * sees them. What is left out is not limited, not watched and tried for ever.
 */
public record SinkPolicy(
        @Setting(
                doc =
                        "Most events that may wait for this sink or be on the way to it, beside the bound in bytes. A batch"
                                + " has at most a tenth of it. Without it only the bytes are bounded.")
        @Nullable
        Integer queueSize,

        @Setting(
                doc = "How often a batch that fails is sent again before `dlq` takes it. Without it, or without a `dlq`"
                        + " that takes such batches, for ever.")
        @Nullable
        Integer retryMax,

        @Setting(
                doc = "What happens as the queue fills. Without it the source waits when the queue is full, and nothing"
                        + " is said before.")
        @Nullable
        Backpressure backpressure,

        @Setting(doc = "Leave the sink alone for a while after many failures in a row.") @Nullable
        CircuitBreaker circuitBreaker,

        @Setting(
                doc =
                        "Which batches that the sink could take later go to the dead letter queue instead of waiting; needs"
                                + " `spec.journal.enabled: true`.")
        @Nullable
        Letters dlq) {

    /** Nothing but the bound in bytes. */
    public static final SinkPolicy NONE = new SinkPolicy(null, null, null, null, null);

    public SinkPolicy {
        require(queueSize == null || queueSize >= 1, "queue_size must be at least 1");
        require(retryMax == null || retryMax >= 0, "retry_max must not be negative");
    }

    /** Thresholds of the queue, as parts of its bound. */
    public record Backpressure(
            @Setting(doc = "Whether the thresholds count.", value = "true")
            boolean enabled,

            @Setting(doc = "From here on it is logged, once a minute at most.", value = "0.75")
            double queueWarningThreshold,

            @Setting(
                    doc = "From here on sources that can pause do, until the queue is below the warning threshold.",
                    value = "0.90")
            double queueCriticalThreshold,

            @Setting(
                    doc = "From here on `on_emergency` decides about events of a source that cannot pause.",
                    value = "0.95")
            double queueEmergencyThreshold,

            @Setting(
                    doc =
                            "While the queue is critical, double `send_timeout_secs` of a Kafka sink, from its next attempt"
                                    + " on, and `sink_batch_deadline_secs`, where that is set.",
                    value = "true")
            boolean timeoutEscalation,

            @Setting(
                    doc =
                            "What becomes of events that find no place, when their source cannot pause. dlq: they go to the"
                                    + " dead letter queue, which needs `spec.journal.enabled: true`. drop: they are lost, logged as"
                                    + " an error and counted. wait: the source is held up, and what its sender does then is the"
                                    + " sender's affair. By default dlq where there is a journal, else wait.")
            @Nullable
            OnEmergency onEmergency) {

        public Backpressure {
            require(
                    queueWarningThreshold > 0 && queueWarningThreshold < 1,
                    "queue_warning_threshold must be between 0 and 1");
            require(
                    queueCriticalThreshold > queueWarningThreshold && queueCriticalThreshold <= 1,
                    "queue_critical_threshold must be above queue_warning_threshold and at most 1");
            require(
                    queueEmergencyThreshold >= queueCriticalThreshold && queueEmergencyThreshold <= 1,
                    "queue_emergency_threshold must be at least queue_critical_threshold and at most 1");
        }
    }

    /** What becomes of events that find no place in the queue. */
    public enum OnEmergency {
        DLQ,
        DROP,
        WAIT
    }

    /** When a sink is left alone, and for how long. */
    public record CircuitBreaker(
            @Setting(doc = "Whether there is one.", value = "true")
            boolean enabled,

            @Setting(doc = "Failures in a row after which nothing is sent any more.", value = "10")
            int failureThreshold,

            @Setting(
                    doc = "After the timeout one batch at a time is sent; this many in a row must arrive until all are"
                            + " sent again.",
                    value = "2")
            int successThreshold,

            @Setting(doc = "How long nothing is sent.", value = "60s")
            Duration timeout) {

        public CircuitBreaker {
            require(failureThreshold >= 1, "failure_threshold must be at least 1");
            require(successThreshold >= 1, "success_threshold must be at least 1");
            require(!timeout.isZero() && !timeout.isNegative(), "timeout must be at least 1ms");
        }
    }

    /** Which batches go to the dead letter queue although the sink might take them later. */
    public record Letters(
            @Setting(
                    doc =
                            "Batches that failed `retry_max` times more, and all batches while the circuit breaker is open.",
                    value = "false")
            boolean sendOnError,

            @Setting(doc = "The same for batches whose last failure was that no answer came in time.", value = "false")
            boolean sendOnTimeout) {

        /** True when it takes anything at all. */
        public boolean takesAny() {
            return sendOnError || sendOnTimeout;
        }
    }

    /** {@code null} when the thresholds do not count. */
    public @Nullable Backpressure thresholds() {
        return backpressure != null && backpressure.enabled() ? backpressure : null;
    }

    /** {@code null} when there is none. */
    public @Nullable CircuitBreaker breaker() {
        return circuitBreaker != null && circuitBreaker.enabled() ? circuitBreaker : null;
    }

    /** True when a batch that the sink may take later can go to the dead letter queue. */
    public boolean sendsLetters() {
        return dlq != null && dlq.takesAny();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
