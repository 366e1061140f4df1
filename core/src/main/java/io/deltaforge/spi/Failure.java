package io.deltaforge.spi;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a component could not do its work. The component that meets an error puts it into one of three kinds, because
 * only it knows what the error means; the engine acts on the kind. Components never loop, sleep or log instead.
 */
public abstract sealed class Failure extends Exception {

    private Failure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** It can get better by itself: the engine waits and tries the same again, and no checkpoint moves meanwhile. */
    public static final class Retryable extends Failure {
        private final @Nullable Duration after;
        private final boolean timeout;

        public Retryable(String message, @Nullable Throwable cause) {
            this(message, cause, null);
        }

        /** @param after how long the other side asks us to wait; {@code null} leaves it to the engine's back-off */
        public Retryable(String message, @Nullable Throwable cause, @Nullable Duration after) {
            this(message, cause, after, false);
        }

        private Retryable(String message, @Nullable Throwable cause, @Nullable Duration after, boolean timeout) {
            super(message, cause);
            this.after = after;
            this.timeout = timeout;
        }

        /** One whose meaning is that no answer came in time: whether the other side holds the events is not known. */
        public static Retryable timedOut(String message, @Nullable Throwable cause) {
            return new Retryable(message, cause, null, true);
        }

        /** As {@link #timedOut}. */
        public boolean isTimeout() {
            return timeout;
        }

        public @Nullable Duration after() {
            return after;
        }
    }

    /** These events can never be delivered; every other event of the batch has been. */
    public static final class Rejected extends Failure {
        private final transient List<RejectedEvent> events;

        public Rejected(List<RejectedEvent> events) {
            super(
                    events.size() + " undeliverable, the first: "
                            + events.getFirst().reason(),
                    null);
            this.events = List.copyOf(events);
        }

        public List<RejectedEvent> events() {
            return events;
        }
    }

    /** It cannot get better until somebody does something: the pipeline stops and the message says what to do. */
    public static final class Fatal extends Failure {
        public Fatal(String message) {
            super(message, null);
        }

        public Fatal(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * An event that can never be delivered.
     *
     * @param index its index in the batch
     * @param kind a short stable name for metrics and the dead letter queue, e.g. {@code message_too_large}
     * @param reason one sentence for a human, without secrets
     * @param record what would have been sent, as far as the sink could make it
     */
    public record RejectedEvent(int index, String kind, String reason, Rendered record) {
        public RejectedEvent(int index, String kind, String reason) {
            this(index, kind, reason, Rendered.NOTHING);
        }
    }
}
