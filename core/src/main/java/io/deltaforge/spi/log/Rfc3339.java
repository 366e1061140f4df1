package io.deltaforge.spi.log;

import java.time.LocalDate;
import java.time.YearMonth;

/**
 * Times such as {@code 2026-11-21T15:04:05.123456789Z}
 * (<a href="https://www.rfc-editor.org/rfc/rfc3339#section-5.6">RFC 3339, section 5.6</a>), read without making objects of
 * them. A leap second is the first of the next minute; of a fraction, nine digits count.
 */
public final class Rfc3339 {
    /** What is no time. */
    public static final long NONE = Long.MIN_VALUE;

    private static final int SECONDS_END = "2026-11-21T15:04:05".length();
    private static final long SECOND_MICROS = 1_000_000;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int NO_NUMBER = -1;

    private Rfc3339() {}

    /** Microseconds since 1970-01-01T00:00:00Z; {@link #NONE} when what lies from {@code from} to {@code to} is no time. */
    public static long micros(byte[] data, int from, int to) {
        int zone = zone(data, from, to);
        long seconds = seconds(data, from, to, zone);
        return seconds == NONE ? NONE : seconds * SECOND_MICROS + fraction(data, from, zone) / 1000;
    }

    /**
     * Nanoseconds since 1970-01-01T00:00:00Z; {@link #NONE} when it is no time, or one before 1678 or after 2261, for which
     * 64 bits are too few.
     */
    public static long nanos(byte[] data, int from, int to) {
        int zone = zone(data, from, to);
        long seconds = seconds(data, from, to, zone);
        return seconds == NONE || Math.abs(seconds) >= Long.MAX_VALUE / SECOND_NANOS
                ? NONE
                : seconds * SECOND_NANOS + fraction(data, from, zone);
    }

    /** Where the offset from UTC begins; -1 when there is none. */
    private static int zone(byte[] data, int from, int to) {
        int i = from + SECONDS_END;
        if (i < to && data[i] == '.') {
            int fraction = ++i;
            while (i < to && data[i] >= '0' && data[i] <= '9') {
                i++;
            }
            if (i == fraction) {
                return -1;
            }
        }
        return i < to ? i : -1;
    }

    private static long seconds(byte[] data, int from, int to, int zone) {
        if (zone < 0
                || data[from + 4] != '-'
                || data[from + 7] != '-'
                || (data[from + 10] | 0x20) != 't'
                || data[from + 13] != ':'
                || data[from + 16] != ':') {
            return NONE;
        }
        int year = number(data, from, 4);
        int month = number(data, from + 5, 2);
        int day = number(data, from + 8, 2);
        int hour = number(data, from + 11, 2);
        int minute = number(data, from + 14, 2);
        int second = number(data, from + 17, 2);
        if (year < 0 || month < 1 || month > 12 || day < 1 || !isTimeOfDay(hour, minute) || second < 0 || second > 60) {
            return NONE;
        }
        if (day > 28 && day > YearMonth.of(year, month).lengthOfMonth()) {
            return NONE;
        }
        long offset = offset(data, zone, to);
        return offset == NONE
                ? NONE
                : LocalDate.of(year, month, day).toEpochDay() * 86_400 + (hour * 60L + minute) * 60 + second - offset;
    }

    /** In seconds east of UTC. */
    private static long offset(byte[] data, int from, int to) {
        if (to - from == 1 && (data[from] | 0x20) == 'z') {
            return 0;
        }
        if (to - from != 6 || (data[from] != '+' && data[from] != '-') || data[from + 3] != ':') {
            return NONE;
        }
        int hour = number(data, from + 1, 2);
        int minute = number(data, from + 4, 2);
        if (!isTimeOfDay(hour, minute)) {
            return NONE;
        }
        long seconds = (hour * 60L + minute) * 60;
        return data[from] == '+' ? seconds : -seconds;
    }

    private static boolean isTimeOfDay(int hour, int minute) {
        return hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
    }

    /** In nanoseconds. */
    private static long fraction(byte[] data, int from, int zone) {
        long nanos = 0;
        long unit = SECOND_NANOS / 10;
        for (int i = from + SECONDS_END + 1; i < zone; i++) {
            nanos += (data[i] - '0') * unit;
            unit /= 10;
        }
        return nanos;
    }

    private static int number(byte[] data, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = data[i] - '0';
            if (digit < 0 || digit > 9) {
                return NO_NUMBER;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
