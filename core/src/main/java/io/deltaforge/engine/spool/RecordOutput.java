package io.deltaforge.engine.spool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Bytes that grow. Numbers are in base 128, low group first, as Protocol Buffers have them. Confined to one thread. */
final class RecordOutput {
    private byte[] bytes = new byte[1 << 16];
    private int length;

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    private void ensure(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * bytes.length)));
        }
    }

    void putByte(int value) {
        ensure(1);
        bytes[length++] = (byte) value;
    }

    /** Big-endian, four bytes. */
    void putInt(int value) {
        ensure(4);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
    }

    /** Big-endian, eight bytes. */
    void putLong(long value) {
        putInt((int) (value >>> 32));
        putInt((int) value);
    }

    /** Short for small numbers; a negative one takes ten bytes. */
    void putNumber(long value) {
        ensure(10);
        long left = value;
        while ((left & ~0x7FL) != 0) {
            bytes[length++] = (byte) ((left & 0x7F) | 0x80);
            left >>>= 7;
        }
        bytes[length++] = (byte) left;
    }

    void putBytes(byte[] source, int from, int count) {
        putNumber(count);
        ensure(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    void putText(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        putBytes(utf8, 0, utf8.length);
    }

    /** Overwrites four bytes. */
    void setInt(int at, int value) {
        for (int i = 0; i < 4; i++) {
            bytes[at + i] = (byte) (value >>> (24 - 8 * i));
        }
    }
}
