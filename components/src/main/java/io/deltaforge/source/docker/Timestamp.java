package io.deltaforge.source.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

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
        if (end - from < 20 || data[from + 10] != 'T') {
            return -1;
        }
        try {
            Instant instant = OffsetDateTime.parse(new String(data, from, end - from, US_ASCII))
                    .toInstant();
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
        } catch (DateTimeParseException | ArithmeticException e) {
            return -1;
        }
    }

    /** As the engine takes it in {@code since}. */
    static String since(long nanos) {
        return nanos / NANOS + "." + Long.toString(NANOS + nanos % NANOS).substring(1);
    }
}
