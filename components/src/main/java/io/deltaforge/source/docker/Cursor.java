package io.deltaforge.source.docker;

/**
 * How far a container's log was read.
 *
 * @param nanos the latest timestamp of its lines, since 1970-01-01T00:00:00Z
 * @param count how many lines with exactly this timestamp were read
 */
record Cursor(long nanos, int count) {

    boolean covers(Cursor other) {
        return nanos > other.nanos || (nanos == other.nanos && count >= other.count);
    }

    /** After one more line. A line may come late, and then changes nothing: it was begun before others that ended earlier. */
    Cursor after(long lineNanos) {
        if (lineNanos > nanos) {
            return new Cursor(lineNanos, 1);
        }
        return lineNanos == nanos ? new Cursor(nanos, count + 1) : this;
    }
}
