package io.deltaforge.spi.value;

import io.deltaforge.spi.DocumentWriter;

/**
 * Dates and times in the extended format of ISO 8601, as {@code java.time} prints and parses them: a {@code T} between,
 * {@code Z} or {@code ±hh:mm}, years before 1 and after 9999 signed ({@code -0043} is 44 BC). Infinities stay words.
 * Confined to one thread.
 */
final class IsoForm implements ValueWriter {
    /** {@code +294276-12-31T23:59:59.999999+15:59:59} is the longest. */
    private static final int MAX_BYTES = 48;

    private final boolean dated;
    private final boolean offset;
    private final byte[] iso = new byte[MAX_BYTES];

    private IsoForm(boolean dated, boolean offset) {
        this.dated = dated;
        this.offset = offset;
    }

    static ValueWriter date() {
        ValueWriter uncommon = new IsoForm(true, false);
        return (data, from, to, out) -> {
            if (to - from == 10) {
                out.plainText(data, from, to);
            } else {
                uncommon.write(data, from, to, out);
            }
        };
    }

    static ValueWriter timestamp() {
        return new IsoForm(true, false);
    }

    static ValueWriter timestampTz() {
        return new IsoForm(true, true);
    }

    static ValueWriter timeTz() {
        return new IsoForm(false, true);
    }

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        if (to - from > MAX_BYTES - 8 || to - from < 8) {
            throw Malformed.text("date or time", data, from, to);
        }
        if (dated && TemporalText.isInfinite(data, from, to)) {
            out.plainText(data, from, to);
            return;
        }
        int end;
        if (!dated || (data[from + 4] == '-' && data[to - 1] != 'C')) {
            end = to - from;
            System.arraycopy(data, from, iso, 0, end);
            if (dated && end > 10) {
                iso[10] = 'T';
            }
        } else {
            end = signedYear(data, from, to);
        }
        if (offset) {
            end = normaliseOffset(end);
        }
        out.plainText(iso, 0, end);
    }

    /** Copies all but the era into {@link #iso}, the year with a sign and at least four digits; returns its length. */
    private int signedYear(byte[] data, int from, int to) {
        boolean beforeChrist = TemporalText.isBeforeChrist(data, from, to);
        int end = beforeChrist ? to - 3 : to;
        int dash = from;
        int year = 0;
        while (dash < end && data[dash] != '-') {
            year = year * 10 + data[dash++] - '0';
        }
        int at = 0;
        if (beforeChrist) {
            year--; // there is no year 0: 1 BC is ISO's 0000, 2 BC is -0001
            if (year > 0) {
                iso[at++] = '-';
            }
            iso[at++] = (byte) ('0' + year / 1000 % 10);
            iso[at++] = (byte) ('0' + year / 100 % 10);
            iso[at++] = (byte) ('0' + year / 10 % 10);
            iso[at++] = (byte) ('0' + year % 10);
        } else {
            iso[at++] = '+';
            System.arraycopy(data, from, iso, at, dash - from);
            at += dash - from;
        }
        for (int i = dash; i < end; i++) {
            iso[at++] = data[i] == ' ' ? (byte) 'T' : data[i];
        }
        return at;
    }

    /** Makes {@code +00} a {@code Z} and {@code +02} a {@code +02:00}; returns the new length. */
    private int normaliseOffset(int end) {
        int sign = end - 3;
        while (sign > 0 && iso[sign] != '+' && iso[sign] != '-') {
            sign--;
        }
        if (end - sign != 3) {
            return end;
        }
        if (iso[end - 1] == '0' && iso[end - 2] == '0') {
            iso[sign] = 'Z';
            return sign + 1;
        }
        iso[end] = ':';
        iso[end + 1] = '0';
        iso[end + 2] = '0';
        return end + 3;
    }
}
