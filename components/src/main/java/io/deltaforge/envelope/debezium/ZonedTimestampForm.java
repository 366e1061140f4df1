package io.deltaforge.envelope.debezium;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.value.TemporalText;
import io.deltaforge.spi.value.UtcText;
import io.deltaforge.spi.value.ValueWriter;

/**
 * {@code timestamp with time zone} as the text of {@code io.debezium.time.ZonedTimestamp}: in UTC, with as many
 * fractional digits as the column has. Confined to one thread.
 */
final class ZonedTimestampForm implements ValueWriter {
    private static final int DEFAULT_PRECISION = 6;
    private static final int SECONDS_LENGTH = "2024-02-29 12:00:00".length();
    private static final int OFFSET_LENGTH = "+00".length();
    private static final int UTC_LENGTH = SECONDS_LENGTH + OFFSET_LENGTH;

    private final int fractionDigits;
    private final byte[] iso = new byte[UtcText.MAX_LENGTH];

    ZonedTimestampForm(int precision) {
        this.fractionDigits = precision < 0 ? DEFAULT_PRECISION : precision;
    }

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        if (TemporalText.isInfinite(data, from, to)) {
            out.plainText(data, from, to);
            return;
        }
        if (isUtc(data, from, to)) {
            out.plainText(iso, 0, copyUtc(data, from, to));
            return;
        }
        int space = from;
        while (space < to && data[space] != ' ') {
            space++;
        }
        boolean beforeChrist = data[to - 1] == 'C';
        int end = beforeChrist ? to - 3 : to;
        int sign = TemporalText.offset(data, space, end);
        // day and time apart: the two together do not fit into microseconds for the last years that PostgreSQL has
        long day = TemporalText.epochDay(data, from, space, beforeChrist);
        long micros = TemporalText.microsOfDay(data, space + 1, sign)
                - TemporalText.offsetSeconds(data, sign, end) * TemporalText.MICROS_PER_SECOND;
        day += Math.floorDiv(micros, TemporalText.MICROS_PER_DAY);
        micros = Math.floorMod(micros, TemporalText.MICROS_PER_DAY);
        out.plainText(iso, 0, UtcText.put(day, micros, fractionDigits, iso, 0));
    }

    /** True for {@code yyyy-mm-dd hh:mm:ss[.f]+00}, which is what a session in UTC prints for our times. */
    private boolean isUtc(byte[] data, int from, int to) {
        int fraction = to - from - UTC_LENGTH;
        return (fraction == 0 || (fraction > 1 && fraction - 1 <= fractionDigits))
                && data[from + 4] == '-'
                && data[from + SECONDS_LENGTH - 9] == ' '
                && data[to - 3] == '+'
                && data[to - 2] == '0'
                && data[to - 1] == '0';
    }

    private int copyUtc(byte[] data, int from, int to) {
        int length = to - from - OFFSET_LENGTH;
        System.arraycopy(data, from, iso, 0, length);
        iso[SECONDS_LENGTH - 9] = 'T';
        if (length == SECONDS_LENGTH && fractionDigits > 0) {
            iso[length++] = '.';
        }
        while (length < SECONDS_LENGTH + 1 + fractionDigits && fractionDigits > 0) {
            iso[length++] = '0';
        }
        iso[length] = 'Z';
        return length + 1;
    }
}
