package io.deltaforge.spi.value;

/**
 * Reads dates and times in PostgreSQL's ISO text forms, without allocating. All functions take {@code data[from..to)}
 * and throw {@link IllegalArgumentException} for anything else.
 */
public final class TemporalText {
    /** Stands for {@code infinity}; no other value is as large. */
    public static final long INFINITY = Long.MAX_VALUE;
    /** Stands for {@code -infinity}; no other value is as small. */
    public static final long NEGATIVE_INFINITY = Long.MIN_VALUE;

    public static final long MICROS_PER_SECOND = 1_000_000L;
    public static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

    private static final int DAYS_PER_ERA = 146_097; // of 400 years
    private static final int DAYS_TO_1970 = 719_468; // from 0000-03-01

    private TemporalText() {}

    /** True for {@code infinity} and {@code -infinity}. */
    public static boolean isInfinite(byte[] data, int from, int to) {
        return to > from && data[to - 1] == 'y';
    }

    static boolean isBeforeChrist(byte[] data, int from, int to) {
        return to - from > 3 && data[to - 1] == 'C' && data[to - 2] == 'B' && data[to - 3] == ' ';
    }

    /** Days since 1970-01-01 of a date; {@link #INFINITY} or {@link #NEGATIVE_INFINITY}. */
    public static long epochDay(byte[] data, int from, int to) {
        if (isInfinite(data, from, to)) {
            return data[from] == '-' ? NEGATIVE_INFINITY : INFINITY;
        }
        boolean beforeChrist = isBeforeChrist(data, from, to);
        return epochDay(data, from, beforeChrist ? to - 3 : to, beforeChrist);
    }

    /** Microseconds since midnight of a time without an offset; {@code 24:00:00} is a day's worth. */
    public static long microsOfDay(byte[] data, int from, int to) {
        int length = to - from;
        if (length < 8 || data[from + 2] != ':' || data[from + 5] != ':' || (length > 8 && data[from + 8] != '.')) {
            throw Malformed.text("time", data, from, to);
        }
        long seconds = 3600L * number(data, from, from + 2)
                + 60L * number(data, from + 3, from + 5)
                + number(data, from + 6, from + 8);
        return seconds * MICROS_PER_SECOND + (length > 8 ? fractionMicros(data, from + 9, to) : 0);
    }

    /**
     * Microseconds since 1970-01-01T00:00:00 of a timestamp without an offset; {@link #INFINITY} or
     * {@link #NEGATIVE_INFINITY}. From the year 294247 on, which PostgreSQL can hold and 64 bits cannot, one less than
     * infinity.
     */
    public static long epochMicros(byte[] data, int from, int to) {
        if (isInfinite(data, from, to)) {
            return data[from] == '-' ? NEGATIVE_INFINITY : INFINITY;
        }
        boolean beforeChrist = isBeforeChrist(data, from, to);
        int end = beforeChrist ? to - 3 : to;
        int space = space(data, from, end);
        return micros(epochDay(data, from, space, beforeChrist), microsOfDay(data, space + 1, end));
    }

    /** As {@link #epochMicros}, of a timestamp with an offset, in UTC. */
    public static long epochMicrosTz(byte[] data, int from, int to) {
        if (isInfinite(data, from, to)) {
            return data[from] == '-' ? NEGATIVE_INFINITY : INFINITY;
        }
        boolean beforeChrist = isBeforeChrist(data, from, to);
        int end = beforeChrist ? to - 3 : to;
        int space = space(data, from, end);
        int sign = offset(data, space, end);
        long local = microsOfDay(data, space + 1, sign);
        return micros(
                epochDay(data, from, space, beforeChrist), local - offsetSeconds(data, sign, end) * MICROS_PER_SECOND);
    }

    /** Where the offset's sign stands in a time or timestamp with an offset. */
    public static int offset(byte[] data, int from, int to) {
        for (int i = to - 3; i > from; i--) {
            if (data[i] == '+' || data[i] == '-') {
                return i;
            }
        }
        throw Malformed.text("time with offset", data, from, to);
    }

    /** Seconds east of UTC of {@code ±hh}, {@code ±hh:mm} or {@code ±hh:mm:ss}. */
    public static int offsetSeconds(byte[] data, int from, int to) {
        int length = to - from;
        if (length != 3 && length != 6 && length != 9) {
            throw Malformed.text("offset", data, from, to);
        }
        int seconds = 3600 * number(data, from + 1, from + 3);
        if (length > 3) {
            seconds += 60 * number(data, from + 4, from + 6);
        }
        if (length > 6) {
            seconds += number(data, from + 7, from + 9);
        }
        return data[from] == '-' ? -seconds : seconds;
    }

    /** Digits after a decimal point, from one to six of them, as microseconds. */
    static int fractionMicros(byte[] data, int from, int to) {
        if (to == from || to - from > 6) {
            throw Malformed.text("fraction of a second", data, from, to);
        }
        int micros = number(data, from, to);
        for (int i = to - from; i < 6; i++) {
            micros *= 10;
        }
        return micros;
    }

    private static long micros(long epochDay, long microsOfDay) {
        long micros = epochDay * MICROS_PER_DAY;
        long sum = micros + microsOfDay;
        boolean overflows = Math.abs(epochDay) > Long.MAX_VALUE / MICROS_PER_DAY || (micros > 0 && sum < 0);
        return overflows ? INFINITY - 1 : sum; // only upwards: PostgreSQL's earliest timestamp is in 4714 BC
    }

    private static int space(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] == ' ') {
                return i;
            }
        }
        throw Malformed.text("timestamp", data, from, to);
    }

    /** Days since 1970-01-01 of {@code year-month-day}, whose era stood elsewhere. */
    public static long epochDay(byte[] data, int from, int to, boolean beforeChrist) {
        int length = to - from;
        if (length < 10 || data[to - 3] != '-' || data[to - 6] != '-') {
            throw Malformed.text("date", data, from, to);
        }
        int year = number(data, from, to - 6);
        int month = number(data, to - 5, to - 3);
        int day = number(data, to - 2, to);
        return epochDay(beforeChrist ? 1 - year : year, month, day);
    }

    /** Counts in years that begin in March, so that the leap day is the last of its year. */
    private static long epochDay(int year, int month, int day) {
        int marchYear = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(marchYear, 400);
        int yearOfEra = marchYear - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return (long) era * DAYS_PER_ERA + dayOfEra - DAYS_TO_1970;
    }

    private static int number(byte[] data, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = data[i] - '0';
            if (digit < 0 || digit > 9 || value > 99_999_999) {
                throw Malformed.text("number", data, from, to);
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
