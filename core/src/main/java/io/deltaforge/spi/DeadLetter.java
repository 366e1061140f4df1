package io.deltaforge.spi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event that a sink can never deliver, and all that helps to mend it. */
public record DeadLetter(Origin origin, Cause cause, Payload payload, Attempts attempts) {

    /**
     * Which event it is.
     *
     * @param eventId as in the records' header {@code event-id}
     * @param position of its transaction, as the source writes it
     * @param table {@code schema.table}; {@code null} for what is of no table
     * @param op Debezium's letter; {@code null} for what is no change of a row
     */
    public record Origin(
            String pipeline,
            String source,
            String sink,
            String eventId,
            String position,
            @Nullable String table,
            @Nullable String op) {}

    /**
     * Why.
     *
     * @param kind a short stable name, e.g. {@code message_too_large}
     * @param reason one sentence for a human
     */
    public record Cause(String kind, String reason) {}

    /**
     * What it was to become.
     *
     * @param bytes of key and value together, before anything was cut
     * @param keyIsWhole false when the key was cut or left out too
     * @param truncation why key or value are not whole; {@code null} when they are
     */
    public record Payload(
            Rendered record,
            long bytes,
            boolean keyIsWhole,
            @Nullable String truncation) {
        public boolean isTruncated() {
            return truncation != null;
        }
    }

    /** How often it was tried, and when. */
    public record Attempts(int count, Instant first, Instant last) {}
}
