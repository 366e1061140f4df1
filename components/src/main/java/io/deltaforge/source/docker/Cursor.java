package io.deltaforge.source.docker;

/**
 * How far a container's log was read.
 *
 * @param nanos the latest timestamp of its lines, since 1970-01-01T00:00:00Z
 * @param count how many lines were read from the first one with this timestamp on: others with the same one, and any that
 *     follow with earlier ones, because the host's clock was set back
 */
record Cursor(long nanos, int count) {

    boolean covers(Cursor other) {
        return nanos > other.nanos || (nanos == other.nanos && count >= other.count);
    }

    Cursor after(long lineNanos) {
        return lineNanos > nanos ? new Cursor(lineNanos, 1) : new Cursor(nanos, count + 1);
    }
}
