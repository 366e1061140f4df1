package io.deltaforge.envelope.debezium;

import io.deltaforge.spi.Digits;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;

/**
 * A moment as {@code ts_ms}, {@code ts_us} and {@code ts_ns}, in digits that are made once: many events share a commit,
 * and a millisecond. Confined to one thread.
 */
final class Moment {
    private static final FieldName TS_MS = new FieldName("ts_ms");
    private static final FieldName TS_US = new FieldName("ts_us");
    private static final FieldName TS_NS = new FieldName("ts_ns");

    private final byte[] millis = new byte[Digits.MAX_LENGTH];
    private final byte[] micros = new byte[Digits.MAX_LENGTH];
    private final byte[] nanos = new byte[Digits.MAX_LENGTH];
    private int millisLength;
    private int microsLength;
    private int nanosLength;
    private long epochMicros;

    Moment() {
        prepare(0);
    }

    /** Microseconds since 1970-01-01T00:00:00Z. */
    void set(long epochMicros) {
        if (epochMicros != this.epochMicros) {
            prepare(epochMicros);
        }
    }

    private void prepare(long epochMicros) {
        this.epochMicros = epochMicros;
        millisLength = Digits.put(Math.floorDiv(epochMicros, 1_000), millis, 0);
        microsLength = Digits.put(epochMicros, micros, 0);
        nanosLength = Digits.put(epochMicros * 1_000, nanos, 0);
    }

    void writeMillis(DocumentWriter out) {
        out.name(TS_MS);
        out.number(millis, 0, millisLength);
    }

    void writeMicrosAndNanos(DocumentWriter out) {
        out.name(TS_US);
        out.number(micros, 0, microsLength);
        out.name(TS_NS);
        out.number(nanos, 0, nanosLength);
    }
}
