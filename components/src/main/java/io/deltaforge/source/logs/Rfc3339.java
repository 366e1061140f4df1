package io.deltaforge.source.logs;

/** Times as containers' logs have them, e.g. {@code 2026-11-21T15:04:05.123456789Z} (RFC 3339). */
final class Rfc3339 {
    static final long NONE = Long.MIN_VALUE;

    private static final int SECONDS_END = 19;
    private static final long SECOND_MICROS = 1_000_000;

    private Rfc3339() {}

    /** Microseconds since 1970; {@link #NONE} when it is no such time. */
    static long micros(byte[] data, int from, int to) {
        if (to - from < SECONDS_END + 1
                || data[from + 4] != '-'
                || data[from + 7] != '-'
                || data[from + 10] != 'T'
                || data[from + 13] != ':'
                || data[from + 16] != ':') {
            return NONE;
        }
        int year = number(data, from, 4);
        int month = number(data, from + 5, 2);
        int day = number(data, from + 8, 2);
        int seconds = number(data, from + 11, 2) * 3600 + number(data, from + 14, 2) * 60 + number(data, from + 17, 2);
        if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || seconds < 0) {
            return NONE;
        }
        long micros = (days(year, month, day) * 86_400 + seconds) * SECOND_MICROS;
        int i = from + SECONDS_END;
        if (data[i] == '.') {
            long unit = SECOND_MICROS / 10;
            for (i++; i < to && data[i] >= '0' && data[i] <= '9'; i++) {
                micros += (data[i] - '0') * unit;
                unit /= 10;
            }
        }
        if (i < to && (data[i] == 'Z' || data[i] == 'z')) {
            return micros;
        }
        if (to - i < 6 || (data[i] != '+' && data[i] != '-')) {
            return NONE;
        }
        long zone = (number(data, i + 1, 2) * 60L + number(data, i + 4, 2)) * 60 * SECOND_MICROS;
        return data[i] == '+' ? micros - zone : micros + zone;
    }

    private static int number(byte[] data, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = data[i] - '0';
            if (digit < 0 || digit > 9) {
                return Integer.MIN_VALUE / 8;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** Days since 1970-01-01, in the proleptic Gregorian calendar. */
    private static long days(int year, int month, int day) {
        return java.time.LocalDate.of(
                        year,
                        month,
                        Math.min(day, java.time.YearMonth.of(year, month).lengthOfMonth()))
                .toEpochDay();
    }
}
