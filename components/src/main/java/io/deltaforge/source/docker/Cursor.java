package io.deltaforge.source.docker;

/**
 * How far a container's log was read.
 *
 * @param nanos the latest timestamp of its lines, since 1970-01-01T00:00:00Z
 * @param count how many lines were read from the first one with this timestamp on: others with the same one, and any that
 *     follow with earlier ones, because the host's clock was set back; 0 where none was, and reading began at this time
 */
record Cursor(long nanos, int count) {

    /** Any that has read a line is beyond one that has not, whatever the clock was when reading began. */
    boolean covers(Cursor other) {
        if (count == 0 || other.count == 0) {
            return count > 0 || (other.count == 0 && nanos >= other.nanos);
        }
        return nanos > other.nanos || (nanos == other.nanos && count >= other.count);
    }

    Cursor after(long lineNanos) {
        return count == 0 || lineNanos > nanos ? new Cursor(lineNanos, 1) : new Cursor(nanos, count + 1);
    }
}
