package io.deltaforge.engine.spool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Reads what {@link RecordOutput} wrote. Confined to one thread. Reading past the end throws
 * {@link IndexOutOfBoundsException}.
 */
final class RecordInput {
    private final byte[] bytes;
    private int at;

    RecordInput(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    int getByte() {
        return bytes[at++];
    }

    int getInt() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = (value << 8) | (bytes[at++] & 0xFF);
        }
        return value;
    }

    long getLong() {
        long high = getInt();
        return (high << 32) | (getInt() & 0xFFFF_FFFFL);
    }

    long getNumber() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte group = bytes[at++];
            value |= (long) (group & 0x7F) << shift;
            if (group >= 0) {
                return value;
            }
        }
    }

    /** A number that counts things in memory. */
    int getCount() {
        return Math.toIntExact(getNumber());
    }

    byte[] getBytes() {
        int count = getCount();
        if (count < 0 || count > bytes.length - at) {
            throw new IndexOutOfBoundsException(count + " bytes at " + at + " of " + bytes.length);
        }
        byte[] taken = Arrays.copyOfRange(bytes, at, at + count);
        at += count;
        return taken;
    }

    String getText() {
        return new String(getBytes(), UTF_8);
    }
}
