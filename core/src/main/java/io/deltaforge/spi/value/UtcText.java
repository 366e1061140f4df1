package io.deltaforge.spi.value;

/** Writes instants in the extended format of ISO 8601, in UTC and without allocating. */
public final class UtcText {
    /** The length of {@code +294276-12-31T23:59:59.999999Z}. */
    public static final int MAX_LENGTH = 31;

    /** As {@code fractionDigits}: as many digits as are needed, none for a full second. */
    public static final int SHORTEST = -1;

    private static final int DAYS_PER_ERA = 146_097; // of 400 years
    private static final int DAYS_TO_1970 = 719_468; // from 0000-03-01

    private UtcText() {}

    /** Writes microseconds since 1970 from {@code at} on and returns the offset after the {@code Z}. */
    public static int put(long epochMicros, int fractionDigits, byte[] buffer, int at) {
        long day = Math.floorDiv(epochMicros, TemporalText.MICROS_PER_DAY);
        return put(day, epochMicros - day * TemporalText.MICROS_PER_DAY, fractionDigits, buffer, at);
    }

    /**
     * As {@link #put(long, int, byte[], int)}, also for years that do not fit into it.
     *
     * @param fractionDigits from 0 to 6, or {@link #SHORTEST}
     */
    public static int put(long epochDay, long microsOfDay, int fractionDigits, byte[] buffer, int at) {
        long days = epochDay + DAYS_TO_1970;
        long era = Math.floorDiv(days, DAYS_PER_ERA);
        int dayOfEra = (int) (days - era * DAYS_PER_ERA);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int marchMonth = (5 * dayOfYear + 2) / 153;
        int month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        int end = putYear(year, buffer, at);
        buffer[end++] = '-';
        end = putTwo(month, buffer, end);
        buffer[end++] = '-';
        end = putTwo(dayOfYear - (153 * marchMonth + 2) / 5 + 1, buffer, end);
        buffer[end++] = 'T';
        end = putTime(microsOfDay, fractionDigits, buffer, end);
        buffer[end++] = 'Z';
        return end;
    }

    /** Writes a time of day, {@code hh:mm:ss} and a fraction. */
    public static int putTime(long microsOfDay, int fractionDigits, byte[] buffer, int at) {
        int second = (int) (microsOfDay / TemporalText.MICROS_PER_SECOND);
        int end = putTwo(second / 3600, buffer, at);
        buffer[end++] = ':';
        end = putTwo(second / 60 % 60, buffer, end);
        buffer[end++] = ':';
        end = putTwo(second % 60, buffer, end);
        int micros = (int) (microsOfDay - second * TemporalText.MICROS_PER_SECOND);
        if (fractionDigits == 0 || (fractionDigits == SHORTEST && micros == 0)) {
            return end;
        }
        buffer[end++] = '.';
        int unit = 100_000;
        for (int i = 0; i < fractionDigits || (fractionDigits == SHORTEST && micros != 0); i++) {
            buffer[end++] = (byte) ('0' + micros / unit);
            micros %= unit;
            unit = Math.max(1, unit / 10);
        }
        return end;
    }

    private static int putYear(long year, byte[] buffer, int at) {
        int end = at;
        if (year < 0) {
            buffer[end++] = '-';
            year = -year;
        } else if (year > 9999) {
            buffer[end++] = '+';
        }
        for (int above = (int) (year / 10_000), unit = leadingUnit(above); unit > 0; unit /= 10) {
            buffer[end++] = (byte) ('0' + above / unit % 10);
        }
        end = putTwo((int) (year / 100 % 100), buffer, end);
        return putTwo((int) (year % 100), buffer, end);
    }

    private static int leadingUnit(int value) {
        int unit = 0;
        for (int rest = value; rest > 0; rest /= 10) {
            unit = unit == 0 ? 1 : unit * 10;
        }
        return unit;
    }

    private static int putTwo(int value, byte[] buffer, int at) {
        buffer[at] = (byte) ('0' + value / 10);
        buffer[at + 1] = (byte) ('0' + value % 10);
        return at + 2;
    }
}
