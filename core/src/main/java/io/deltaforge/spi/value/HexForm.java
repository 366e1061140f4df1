package io.deltaforge.spi.value;

import io.deltaforge.spi.DocumentWriter;

/** {@code \x} and two hexadecimal digits a byte, written as bytes. Confined to one thread. */
public final class HexForm implements ValueWriter {
    private static final byte[] DIGITS = digits();

    private final Scratch scratch = new Scratch();

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        if (to - from < 2 || data[from] != '\\' || data[from + 1] != 'x') {
            throw Malformed.text("bytes", data, from, to);
        }
        int length = (to - from - 2) / 2;
        byte[] content = scratch.ofSize(length);
        decode(data, from + 2, to, content);
        out.bytes(content, 0, length);
    }

    /**
     * Decodes pairs of hexadecimal digits into the start of {@code content}.
     *
     * @throws IllegalArgumentException when there is another character or an odd number of them
     */
    public static void decode(byte[] data, int from, int to, byte[] content) {
        if ((to - from & 1) != 0) {
            throw Malformed.text("hexadecimal bytes", data, from, to);
        }
        int bad = 0;
        for (int i = from, at = 0; i < to; i += 2, at++) {
            int high = DIGITS[data[i] & 0xff];
            int low = DIGITS[data[i + 1] & 0xff];
            bad |= high | low;
            content[at] = (byte) (high << 4 | low);
        }
        if (bad < 0) {
            throw Malformed.text("hexadecimal bytes", data, from, to);
        }
    }

    private static byte[] digits() {
        byte[] table = new byte[256];
        for (int c = 0; c < 256; c++) {
            table[c] = (byte) Character.digit((char) c, 16);
        }
        return table;
    }
}
