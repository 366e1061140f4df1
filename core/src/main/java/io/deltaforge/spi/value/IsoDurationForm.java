package io.deltaforge.spi.value;

import io.deltaforge.spi.DocumentWriter;

/**
 * Intervals as ISO 8601 durations, the way PostgreSQL's {@code intervalstyle = iso_8601} prints them:
 * {@code P1Y2M-3DT4H5M6.7S}, {@code PT0S}. Infinities stay words. Confined to one thread.
 */
final class IsoDurationForm implements ValueWriter {
    private final IntervalText interval = new IntervalText();
    private final byte[] iso = new byte[96];
    private int at;

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        if (TemporalText.isInfinite(data, from, to)) {
            out.plainText(data, from, to);
            return;
        }
        interval.read(data, from, to);
        at = 0;
        iso[at++] = 'P';
        part(interval.years(), 'Y');
        part(interval.months(), 'M');
        part(interval.days(), 'D');
        int beforeTime = at;
        iso[at++] = 'T';
        int sign = interval.timeNegative() ? -1 : 1;
        part(sign * interval.hours(), 'H');
        part((long) sign * interval.minutes(), 'M');
        seconds();
        if (at == beforeTime + 1) {
            at = beforeTime;
        }
        if (at == 1) {
            iso[at++] = 'T';
            iso[at++] = '0';
            iso[at++] = 'S';
        }
        out.plainText(iso, 0, at);
    }

    private void part(long value, char unit) {
        if (value != 0) {
            number(value);
            iso[at++] = (byte) unit;
        }
    }

    private void seconds() {
        int micros = interval.micros();
        if (interval.seconds() == 0 && micros == 0) {
            return;
        }
        if (interval.timeNegative()) {
            iso[at++] = '-';
        }
        number(interval.seconds());
        if (micros != 0) {
            iso[at++] = '.';
            for (int unit = 100_000; micros != 0; unit /= 10) {
                iso[at++] = (byte) ('0' + micros / unit);
                micros %= unit;
            }
        }
        iso[at++] = 'S';
    }

    private void number(long value) {
        if (value < 0) {
            iso[at++] = '-';
            value = -value;
        }
        int first = at;
        do {
            iso[at++] = (byte) ('0' + value % 10);
            value /= 10;
        } while (value != 0);
        for (int low = first, high = at - 1; low < high; low++, high--) {
            byte digit = iso[low];
            iso[low] = iso[high];
            iso[high] = digit;
        }
    }
}
