package io.deltaforge.spi.value;

/**
 * Reads an interval in PostgreSQL's own style, {@code 1 year 2 mons -3 days +04:05:06.7}, without allocating: its parts
 * are here until the next one. Confined to one thread.
 */
public final class IntervalText {
    private int years;
    private int months;
    private int days;
    private boolean timeNegative;
    private long hours;
    private int minutes;
    private int seconds;
    private int micros;

    public int years() {
        return years;
    }

    public int months() {
        return months;
    }

    public int days() {
        return days;
    }

    /** Whether hours, minutes, seconds and micros count backwards; they themselves are never negative. */
    public boolean timeNegative() {
        return timeNegative;
    }

    public long hours() {
        return hours;
    }

    public int minutes() {
        return minutes;
    }

    public int seconds() {
        return seconds;
    }

    /** Microseconds beyond the last full second. */
    public int micros() {
        return micros;
    }

    /**
     * Reads {@code data[from..to)}. {@code infinity} and {@code -infinity} (PostgreSQL 17) are not for this method:
     * see {@link TemporalText#isInfinite}.
     */
    public void read(byte[] data, int from, int to) {
        years = 0;
        months = 0;
        days = 0;
        timeNegative = false;
        hours = 0;
        minutes = 0;
        seconds = 0;
        micros = 0;
        int at = from;
        while (at < to) {
            int end = wordEnd(data, at, to);
            if (isTime(data, at, end)) {
                readTime(data, at, end);
                at = end + 1;
            } else {
                int unit = end + 1;
                if (unit >= to) {
                    throw Malformed.text("interval", data, from, to);
                }
                int unitEnd = wordEnd(data, unit, to);
                readField((int) signed(data, at, end), data, unit, unitEnd);
                at = unitEnd + 1;
            }
        }
    }

    private void readField(int value, byte[] data, int from, int to) {
        switch (data[from]) {
            case 'y' -> years = value;
            case 'm' -> months = value;
            case 'd' -> days = value;
            default -> throw Malformed.text("interval", data, from, to);
        }
    }

    private void readTime(byte[] data, int from, int to) {
        timeNegative = data[from] == '-';
        int at = timeNegative || data[from] == '+' ? from + 1 : from;
        int colon = at;
        while (colon < to && data[colon] != ':') {
            colon++;
        }
        if (to - colon < 6 || data[colon + 3] != ':') {
            throw Malformed.text("interval", data, from, to);
        }
        hours = signed(data, at, colon);
        minutes = (int) signed(data, colon + 1, colon + 3);
        seconds = (int) signed(data, colon + 4, colon + 6);
        micros = to - colon > 7 ? TemporalText.fractionMicros(data, colon + 7, to) : 0;
    }

    private static int wordEnd(byte[] data, int from, int to) {
        int end = from;
        while (end < to && data[end] != ' ') {
            end++;
        }
        if (end == from) {
            throw Malformed.text("interval", data, from, to);
        }
        return end;
    }

    private static boolean isTime(byte[] data, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] == ':') {
                return true;
            }
        }
        return false;
    }

    private static long signed(byte[] data, int from, int to) {
        boolean negative = data[from] == '-';
        int first = negative || data[from] == '+' ? from + 1 : from;
        if (first == to || to - first > 12) {
            throw Malformed.text("interval", data, from, to);
        }
        long value = 0;
        for (int i = first; i < to; i++) {
            int digit = data[i] - '0';
            if (digit < 0 || digit > 9) {
                throw Malformed.text("interval", data, from, to);
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }
}
