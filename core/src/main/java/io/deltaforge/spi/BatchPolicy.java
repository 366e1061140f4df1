package io.deltaforge.spi;

/** When a batch is full: whatever comes first. */
public record BatchPolicy(
        @Setting(doc = "Most events in a batch.", value = "2000")
        int maxEvents,

        @Setting(doc = "Most bytes in a batch, as the events lie in memory.", value = "1048576")
        long maxBytes,

        @Setting(
                doc = "Longest time in milliseconds that an event waits for others. A batch leaves earlier when the"
                        + " source has nothing more to read and the sink is waiting.",
                value = "100")
        int maxMs,

        @Setting(
                doc = "Make the ends of source transactions the only places where a checkpoint may lie. A transaction"
                        + " larger than a batch is sent in several, as a stream, so memory stays bounded.",
                value = "true")
        boolean respectSourceTx,

        @Setting(doc = "Most batches on the way to a sink at once. Order is kept.", value = "4")
        int maxInflight) {

    public BatchPolicy {
        require(maxEvents >= 1, "max_events must be at least 1");
        require(maxBytes >= 1024, "max_bytes must be at least 1024");
        require(maxMs >= 0, "max_ms must not be negative");
        require(maxInflight >= 1 && maxInflight <= 1000, "max_inflight must be between 1 and 1000");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
