package io.deltaforge.spi;

import java.util.List;

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
            Overflow overflowPolicy) {

        public Bounds {
            require(maxEntries >= 1, "max_entries must be at least 1");
            require(maxAgeSecs >= 0, "max_age_secs must not be negative");
        }
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
