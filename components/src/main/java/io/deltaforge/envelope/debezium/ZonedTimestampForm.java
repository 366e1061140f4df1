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
}
