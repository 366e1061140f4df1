package io.deltaforge.envelope.debezium;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.value.TemporalText;
import io.deltaforge.spi.value.UtcText;
import io.deltaforge.spi.value.ValueWriter;

/** {@code time with time zone} as the text of {@code io.debezium.time.ZonedTime}: in UTC. Confined to one thread. */
final class ZonedTimeForm implements ValueWriter {
    private final byte[] iso = new byte[UtcText.MAX_LENGTH];

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        int sign = TemporalText.offset(data, from, to);
        long offset = TemporalText.offsetSeconds(data, sign, to) * TemporalText.MICROS_PER_SECOND;
        long micros = TemporalText.microsOfDay(data, from, sign) - offset;
        if (micros != TemporalText.MICROS_PER_DAY || offset != 0) { // 24:00:00 in UTC stays what it is
            micros = Math.floorMod(micros, TemporalText.MICROS_PER_DAY);
        }
        int end = UtcText.putTime(micros, UtcText.SHORTEST, iso, 0);
        iso[end++] = 'Z';
        out.plainText(iso, 0, end);
    }
}
