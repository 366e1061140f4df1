package io.deltaforge.spi;

/** Which sinks must hold an event durably before its source may forget it. */
public record CommitPolicy(
        @Setting(
                doc = "required: every sink with `required: true`; all: every sink; quorum: as many sinks as `quorum`"
                        + " says. What the others have not delivered must at least be in their spool.",
                value = "required")
        Mode mode,

        @Setting(doc = "How many sinks, with mode quorum.", value = "1")
        int quorum) {

    /** How sinks are counted. */
    public enum Mode {
        REQUIRED,
        ALL,
        QUORUM
    }

    public CommitPolicy {
        if (quorum < 1) {
            throw new IllegalArgumentException("quorum must be at least 1");
        }
    }
}
