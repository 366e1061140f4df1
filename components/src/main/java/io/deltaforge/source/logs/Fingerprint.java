package io.deltaforge.source.logs;

import java.util.zip.CRC32C;

/**
 * What a file begins with, so that another file in its place is noticed.
 *
 * @param length how many bytes it is made of, at most {@link #MOST_BYTES}
 * @param crc the CRC-32C of these bytes
 */
record Fingerprint(int length, int crc) {
    static final int MOST_BYTES = 1024;

    private static final int RADIX = 36;

    /** @param head at least {@code length} bytes */
    static Fingerprint of(byte[] head, int length) {
        CRC32C crc = new CRC32C();
        crc.update(head, 0, length);
        return new Fingerprint(length, (int) crc.getValue());
    }

    /** True when a file that begins with the {@code count} bytes of {@code head} may be the one this is of. */
    boolean matches(byte[] head, int count) {
        return count >= length && of(head, length).crc == crc;
    }

    boolean isWhole() {
        return length == MOST_BYTES;
    }

    void appendTo(StringBuilder text) {
        text.append(Integer.toString(length, RADIX)).append('-').append(Long.toString(crc & 0xffffffffL, RADIX));
    }

    /** @throws IllegalArgumentException when these are none */
    static Fingerprint parse(String length, String crc) {
        int bytes = Integer.parseInt(length, RADIX);
        long sum = Long.parseLong(crc, RADIX);
        if (bytes < 1 || bytes > MOST_BYTES || sum < 0 || sum > 0xffffffffL) {
            throw new IllegalArgumentException(length + "-" + crc + " is no fingerprint");
        }
        return new Fingerprint(bytes, (int) sum);
    }
}
