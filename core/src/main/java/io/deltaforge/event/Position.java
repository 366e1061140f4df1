package io.deltaforge.event;

/**
 * A place in a source's log. Immutable; only the source that made it knows what is inside.
 *
 * <p>The engine carries positions back from the sinks and never computes with them, except through the two
 * questions below. Both take a position of the same source and throw {@link ClassCastException} for another's.
 */
public interface Position {

    /** True when a sink whose checkpoint is this position already holds what lies at {@code other}. */
    boolean covers(Position other);

    /** The place from which a source must start so that neither this checkpoint nor {@code other} misses anything. */
    Position earliest(Position other);

    /** The durable text form, e.g. {@code 0/16B3748}; the source reads it back. */
    String text();
}
