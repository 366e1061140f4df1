package io.deltaforge.envelope.debezium;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.value.Malformed;
import io.deltaforge.spi.value.Scratch;
import java.math.BigInteger;

/**
 * Decimal digits as an unscaled integer in two's complement, big-endian and as short as possible: what
 * {@link BigInteger#toByteArray} gives and Kafka Connect's {@code Decimal} holds. Confined to one thread.
 */
final class UnscaledDecimal {
    private static final int MAX_DIGITS_OF_LONG = 18;

    private final byte[] bytes = new byte[Long.BYTES];
    private final Scratch scratch = new Scratch();

    /**
     * Writes {@code digits[from..to)}, an optional sign and digits with a point among them, as if the point stood
     * {@code scale} digits before the end; a negative scale drops zeros.
     */
    void write(byte[] data, int from, int to, int scale, DocumentWriter out) {
        if (from == to) {
            throw Malformed.text("decimal", data, from, to);
        }
        if (data[to - 1] > '9') {
            throw new IllegalArgumentException(
                    "NaN and infinite decimals have no bytes; set the debezium envelope's decimal to string");
        }
        boolean negative = data[from] == '-';
        int first = negative ? from + 1 : from;
        int point = first;
        while (point < to && data[point] != '.') {
            point++;
        }
        int zeros = scale - Math.max(0, to - point - 1); // to append, or when negative to drop
        if (to - first + Math.max(0, zeros) > MAX_DIGITS_OF_LONG) {
            writeLong(data, first, to, negative, zeros, out);
            return;
        }
        long value = 0;
        for (int i = first; i < to; i++) {
            if (i != point) {
                value = value * 10 + digit(data, i, from, to);
            }
        }
        for (; zeros > 0; zeros--) {
            value *= 10;
        }
        for (; zeros < 0; zeros++) {
            if (value % 10 != 0) {
                throw notOfScale(scale);
            }
            value /= 10;
        }
        write(negative ? -value : value, out);
    }

    void write(long value, DocumentWriter out) {
        int at = Long.BYTES;
        long rest = value;
        do {
            bytes[--at] = (byte) rest;
            rest >>= 8;
        } while (rest != (bytes[at] >> 7)); // until what is left is only the sign of the byte written last
        out.bytes(bytes, at, Long.BYTES);
    }

    /** More digits than a long holds. */
    private void writeLong(byte[] data, int first, int to, boolean negative, int zeros, DocumentWriter out) {
        byte[] digits = scratch.ofSize(to - first + Math.max(0, zeros) + 1);
        int length = 0;
        if (negative) {
            digits[length++] = '-';
        }
        for (int i = first; i < to; i++) {
            if (data[i] != '.') {
                digits[length++] = data[i];
            }
        }
        for (; zeros > 0; zeros--) {
            digits[length++] = '0';
        }
        for (; zeros < 0; zeros++) {
            if (digits[--length] != '0') {
                throw notOfScale(zeros);
            }
        }
        byte[] unscaled = new BigInteger(new String(digits, 0, length, ISO_8859_1)).toByteArray();
        out.bytes(unscaled, 0, unscaled.length);
    }

    private static int digit(byte[] data, int i, int from, int to) {
        int digit = data[i] - '0';
        if (digit < 0 || digit > 9) {
            throw Malformed.text("decimal", data, from, to);
        }
        return digit;
    }

    private static IllegalArgumentException notOfScale(int scale) {
        return new IllegalArgumentException("a decimal has digits beyond its column's scale of " + scale);
    }
}
