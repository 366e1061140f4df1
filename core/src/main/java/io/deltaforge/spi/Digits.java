package io.deltaforge.spi;

/** Decimal digits into a buffer, without a string between. */
public final class Digits {
    /** The length of {@link Long#MIN_VALUE}. */
    public static final int MAX_LENGTH = 20;

    private Digits() {}

    /** Writes {@code value} from {@code at} on and returns the offset after its last digit. */
    public static int put(long value, byte[] buffer, int at) {
        int start = at;
        if (value < 0) {
            buffer[start++] = '-';
        }
        int end = start + count(value);
        // counts down on the negative side, where Long.MIN_VALUE has room
        long rest = value < 0 ? value : -value;
        int i = end;
        do {
            long quotient = rest / 10;
            buffer[--i] = (byte) ('0' - (rest - quotient * 10));
            rest = quotient;
        } while (rest != 0);
        return end;
    }

    private static int count(long value) {
        long rest = value < 0 ? value : -value;
        int digits = 1;
        while (rest <= -10) {
            rest /= 10;
            digits++;
        }
        return digits;
    }
}
