package io.deltaforge.envelope.debezium;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.value.Scratch;
import io.deltaforge.spi.value.ValueWriter;

/**
 * Zeros and ones as the bytes of {@code io.debezium.data.Bits}: the last bit is the lowest of the first byte, and as in
 * Debezium there are no more bytes than the highest bit set needs. Confined to one thread.
 */
final class BitsForm implements ValueWriter {
    private final Scratch scratch = new Scratch();

    /** For {@code bit(1)} and {@code bit varying(1)}: a boolean. */
    static ValueWriter single() {
        return (data, from, to, out) -> out.bool(to > from && data[from] == '1');
    }

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        int highest = from;
        while (highest < to && data[highest] == '0') {
            highest++;
        }
        int length = (to - highest + 7) / 8;
        byte[] bytes = scratch.ofSize(length);
        for (int i = 0; i < length; i++) {
            int value = 0;
            for (int bit = 0; bit < 8; bit++) {
                int at = to - 1 - i * 8 - bit;
                if (at >= highest && data[at] == '1') {
                    value |= 1 << bit;
                }
            }
            bytes[i] = (byte) value;
        }
        out.bytes(bytes, 0, length);
    }
}
