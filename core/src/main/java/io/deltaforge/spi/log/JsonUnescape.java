package io.deltaforge.spi.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** What a JSON string means (RFC 8259, section 7). */
final class JsonUnescape {
    private static final String SHORT = "\"\\/bfnrt";
    private static final String MEANT = "\"\\/\b\f\n\r\t";

    private JsonUnescape() {}

    /** In UTF-8; what is no escape, or half of a surrogate pair, stays as it is written. */
    static byte[] bytes(byte[] data, int start, int end) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(end - start);
        int i = start;
        while (i < end) {
            int length = data[i] == '\\' && i + 1 < end ? escape(data, i, end, out) : 0;
            if (length == 0) {
                out.write(data[i]);
                length = 1;
            }
            i += length;
        }
        return out.toByteArray();
    }

    /** Writes what the escape means; its length, or 0 when it is none. */
    private static int escape(byte[] data, int at, int end, ByteArrayOutputStream out) {
        if (data[at + 1] != 'u') {
            int known = SHORT.indexOf(data[at + 1]);
            if (known < 0) {
                return 0;
            }
            out.write(MEANT.charAt(known));
            return 2;
        }
        int unit = hex(data, at + 2, end);
        if (unit < 0) {
            return 0;
        }
        char high = (char) unit;
        if (!Character.isSurrogate(high)) {
            out.writeBytes(Character.toString(high).getBytes(UTF_8));
            return 6;
        }
        boolean another = at + 7 < end && data[at + 6] == '\\' && data[at + 7] == 'u';
        int low = another ? hex(data, at + 8, end) : -1;
        if (low < 0 || !Character.isSurrogatePair(high, (char) low)) {
            return 0;
        }
        out.writeBytes(
                Character.toString(Character.toCodePoint(high, (char) low)).getBytes(UTF_8));
        return 12;
    }

    private static int hex(byte[] data, int from, int end) {
        if (from + 4 > end) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = Character.digit(data[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
