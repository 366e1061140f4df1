package io.deltaforge.spi;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept, on disk, of events that a sink can never deliver. */
public record JournalPolicy(
        @Setting(
                doc =
                        "Keep undeliverable events in the dead letter queue and go on without them. Otherwise the pipeline"
                                + " stops at the first.",
                value = "false")
        boolean enabled,

        @Setting(
                doc =
                        "Most bytes of an entry's payload (the record's key and value, and the event that it was made of)."
                                + " What is larger is cut: its metadata stays whole, but it can only be sent again with a value"
                                + " of yours. The default takes four times what a broker takes by default.",
                value = "4194304")
        int maxEventBytes,

        @Setting(
                doc =
                        "Columns whose values must not lie in the queue: the payload of an event that has a value in one is"
                                + " left out. `*` stands for any characters; a name with dots is matched against"
                                + " `schema.table.column`, another against the column's name. Capitals make no difference.",
                value = "['*password*', '*passwd*', '*secret*', '*api_key*', '*token']")
        List<String> secretColumns,

        @Setting(doc = "How much the queue holds.", value = "{}")
        Bounds dlq) {

    private static final int MOST_EVENT_BYTES = 256 << 20;

    public JournalPolicy {
        secretColumns = List.copyOf(secretColumns);
        require(
                maxEventBytes >= 0 && maxEventBytes <= MOST_EVENT_BYTES,
                "max_event_bytes must be between 0 and " + MOST_EVENT_BYTES);
    }

    /** How much the queue holds. */
    public record Bounds(
            @Setting(doc = "Most entries of the pipeline, over all its sinks.", value = "10000")
            int maxEntries,

            @Setting(
                    doc = "Seconds after which an entry is removed, logged and counted; 0 keeps it until somebody deals"
                            + " with it.",
                    value = "0")
            long maxAgeSecs,

            @Setting(
                    doc = "What happens at max_entries. block: the pipeline waits until entries were sent again,"
                            + " acknowledged or purged. reject: it stops. drop_oldest: the oldest entries are removed,"
                            + " logged as an error and counted.",
                    value = "block")
            Overflow overflowPolicy,

            @Setting(
                    doc =
                            "Send entries again by itself, when their sink works. Without it they wait for `deltaforge dlq"
                                    + " replay`.")
            @Nullable
            Reprocessing reprocessing) {

        public Bounds {
            require(maxEntries >= 1, "max_entries must be at least 1");
            require(maxAgeSecs >= 0, "max_age_secs must not be negative");
        }
    }

    /** How entries are sent again without somebody asking. */
    public record Reprocessing(
            @Setting(doc = "Whether they are.", value = "true")
            boolean enabled,

            @Setting(doc = "How often.", value = "5m") Duration interval,

            @Setting(
                    doc =
                            "How often an entry is tried so; after that it is parked: only `deltaforge dlq replay` sends it.",
                    value = "3")
            int maxRetries,

            @Setting(doc = "Most entries of a sink each time, the oldest first.", value = "50")
            int batchSize) {

        public Reprocessing {
            require(!interval.isZero() && !interval.isNegative(), "interval must be at least 1ms");
            require(maxRetries >= 1, "max_retries must be at least 1");
            require(batchSize >= 1, "batch_size must be at least 1");
        }
    }

    /** {@code null} when entries wait for somebody to ask. */
    public @Nullable Reprocessing reprocessing() {
        Reprocessing reprocessing = dlq.reprocessing();
        return enabled && reprocessing != null && reprocessing.enabled() ? reprocessing : null;
    }

    /** What gives way when the queue is full. */
    public enum Overflow {
        BLOCK,
        REJECT,
        DROP_OLDEST
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
