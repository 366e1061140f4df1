package io.deltaforge.envelope.debezium;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.value.IntervalText;
import io.deltaforge.spi.value.TemporalText;
import io.deltaforge.spi.value.ValueWriter;

/**
 * Intervals as {@code io.debezium.time.MicroDuration}: microseconds, a month counting as 365.25 / 12 days. What does not
 * fit, and infinity, is the largest or smallest long. Confined to one thread.
 */
final class MicroDurationForm implements ValueWriter {
    private static final long SECONDS_PER_DAY = 86_400;
    private static final long SECONDS_PER_MONTH = 2_629_800; // 365.25 / 12 days
    private static final long MAX_SECONDS = Long.MAX_VALUE / TemporalText.MICROS_PER_SECOND - 1;

    private final IntervalText interval = new IntervalText();

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        if (TemporalText.isInfinite(data, from, to)) {
            out.number(data[from] == '-' ? Long.MIN_VALUE : Long.MAX_VALUE);
            return;
        }
        interval.read(data, from, to);
        long sign = interval.timeNegative() ? -1 : 1;
        long seconds = (interval.years() * 12L + interval.months()) * SECONDS_PER_MONTH
                + interval.days() * SECONDS_PER_DAY
                + sign * (interval.hours() * 3600 + interval.minutes() * 60L + interval.seconds());
        if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS) {
            out.number(seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
        } else {
            out.number(seconds * TemporalText.MICROS_PER_SECOND + sign * interval.micros());
        }
    }
}
