package io.deltaforge.source.docker;

import io.deltaforge.spi.log.Rfc3339;
import java.time.Instant;

/** The time before each message of a log, with {@code timestamps=1}: {@code 2026-11-21T12:00:00.123456789Z} and a space. */
final class Timestamp {
    /** With its space, as the engine writes it; others write fewer digits. */
    static final int LENGTH = 31;

    private static final int LONGEST = "2026-11-21T12:00:00.123456789+00:00".length();
    private static final long NANOS = 1_000_000_000;

    private Timestamp() {}

    /** Where the space behind the time stands; -1 without one. */
    static int end(byte[] data, int from, int to) {
        int limit = Math.min(to, from + LONGEST + 1);
        for (int i = from; i < limit; i++) {
            if (data[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    /** In nanoseconds since 1970-01-01T00:00:00Z; -1 when it is none. */
    static long nanos(byte[] data, int from, int end) {
        return Math.max(-1, Rfc3339.nanos(data, from, end));
    }

    /** Since 1970-01-01T00:00:00Z. */
    static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
    }

    /** As the engine takes it in {@code since}. */
    static String since(long nanos) {
        return nanos / NANOS + "." + Long.toString(NANOS + nanos % NANOS).substring(1);
    }
}
