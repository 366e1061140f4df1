package io.deltaforge.spi;

/** How much may wait on disk for a sink with {@code required: false} while it does not keep up. */
public record SpoolPolicy(
        @Setting(
                doc = "Most bytes on disk for one sink. What waits in memory when the spool is begun may come on top.",
                value = "1073741824")
        long maxBytes,

        @Setting(
                doc =
                        "What happens when max_bytes are reached. drop: what is read from then on is skipped for this sink"
                                + " alone, logged as an error and counted, until there is space again; the other sinks notice"
                                + " nothing. pause: the source stops reading, so that nothing is skipped and every sink waits.",
                value = "drop")
        WhenFull whenFull) {

    /** What gives way when a spool is full. */
    public enum WhenFull {
        DROP,
        PAUSE
    }

    public SpoolPolicy {
        if (maxBytes < 1 << 20) {
            throw new IllegalArgumentException("max_bytes must be at least 1048576");
        }
    }
}
