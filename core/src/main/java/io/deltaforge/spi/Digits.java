package io.deltaforge.spi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** Decimal digits into a buffer, without a string between: two at a time, because divisions are what they cost. */
public final class Digits {
    /** The length of {@link Long#MIN_VALUE}. */
    public static final int MAX_LENGTH = 20;

    private static final byte[] SMALLEST = Long.toString(Long.MIN_VALUE).getBytes(ISO_8859_1);
    private static final byte[] PAIRS = pairs();
    private static final long[] POWERS_OF_TEN = powersOfTen();

    private Digits() {}

    /** Writes {@code value} from {@code at} on and returns the offset after its last digit. */
    public static int put(long value, byte[] buffer, int at) {
        if (value >= 0) {
            return putPositive(value, buffer, at);
        }
        if (value == Long.MIN_VALUE) {
            System.arraycopy(SMALLEST, 0, buffer, at, SMALLEST.length);
            return at + SMALLEST.length;
        }
        buffer[at] = '-';
        return putPositive(-value, buffer, at + 1);
    }

    private static int putPositive(long value, byte[] buffer, int at) {
        int end = at + count(value);
        int i = end;
        long rest = value;
        while (rest >= 100) {
            long quotient = rest / 100;
            int pair = 2 * (int) (rest - quotient * 100);
            buffer[--i] = PAIRS[pair + 1];
            buffer[--i] = PAIRS[pair];
            rest = quotient;
        }
        int pair = 2 * (int) rest;
        buffer[--i] = PAIRS[pair + 1];
        if (rest >= 10) {
            buffer[--i] = PAIRS[pair];
        }
        return end;
    }

    /** Bits times log10(2) are the digits, or one too few. */
    private static int count(long value) {
        int atLeast = ((Long.SIZE - Long.numberOfLeadingZeros(value | 1)) * 1233) >> 12;
        boolean oneMore = atLeast < POWERS_OF_TEN.length && value >= POWERS_OF_TEN[atLeast];
        return oneMore ? atLeast + 1 : Math.max(1, atLeast);
    }

    private static byte[] pairs() {
        byte[] pairs = new byte[200];
        for (int i = 0; i < 100; i++) {
            pairs[2 * i] = (byte) ('0' + i / 10);
            pairs[2 * i + 1] = (byte) ('0' + i % 10);
        }
        return pairs;
    }

    private static long[] powersOfTen() {
        long[] powers = new long[19];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
