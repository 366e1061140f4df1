package io.deltaforge.encoding.json;

import io.deltaforge.spi.Digits;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.JsonText;
import io.deltaforge.spi.TextConstant;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON into one buffer that is used again and again. Confined to one thread.
 *
 * <p>Text is copied eight bytes at a time as long as nothing in it needs an escape: bytes below 0x20, quotes and
 * backslashes (RFC 8259, section 7). Everything else of UTF-8 stands for itself.
 */
final class JsonWriter implements DocumentWriter {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final int INITIAL_BYTES = 4096;
    /** One huge row must not pin its size for the rest of the run. */
    private static final int MAX_KEPT_BYTES = 1 << 20;

    /** RFC 4648, section 4. */
    private static final byte[] BASE64 =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.ISO_8859_1);

    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private byte[] buffer = new byte[INITIAL_BYTES];
    private int length;
    private boolean commaDue;

    void clear() {
        if (buffer.length > MAX_KEPT_BYTES) {
            buffer = new byte[INITIAL_BYTES];
        }
        length = 0;
        commaDue = false;
    }

    /** What was written since {@link #clear}, in a new array. */
    byte[] toBytes() {
        return Arrays.copyOf(buffer, length);
    }

    @Override
    public void beginObject() {
        open('{');
    }

    @Override
    public void endObject() {
        close('}');
    }

    @Override
    public void beginArray() {
        open('[');
    }

    @Override
    public void endArray() {
        close(']');
    }

    private void open(char bracket) {
        ensure(2);
        comma();
        buffer[length++] = (byte) bracket;
        commaDue = false;
    }

    private void close(char bracket) {
        ensure(1);
        buffer[length++] = (byte) bracket;
        commaDue = true;
    }

    @Override
    public void name(FieldName name) {
        byte[] json = name.json();
        ensure(json.length + 1);
        comma();
        System.arraycopy(json, 0, buffer, length, json.length);
        length += json.length;
        commaDue = false;
    }

    @Override
    public void text(byte[] utf8, int from, int to) {
        // room for the common case; what needs escapes makes its own
        ensure(to - from + 3);
        comma();
        buffer[length++] = '"';
        int plain = plainPrefix(utf8, from, to);
        System.arraycopy(utf8, from, buffer, length, plain - from);
        length += plain - from;
        if (plain < to) {
            escaped(utf8, plain, to);
        }
        buffer[length++] = '"';
        commaDue = true;
    }

    @Override
    public void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        text(utf8, 0, utf8.length);
    }

    @Override
    public void text(TextConstant text) {
        verbatim(text.json(), 0, text.json().length);
    }

    @Override
    public void plainText(byte[] ascii, int from, int to) {
        ensure(to - from + 3);
        comma();
        buffer[length++] = '"';
        append(ascii, from, to);
        buffer[length++] = '"';
        commaDue = true;
    }

    @Override
    public void bytes(byte[] content, int from, int to) {
        ensure((to - from + 2) / 3 * 4 + 3);
        comma();
        buffer[length++] = '"';
        int whole = from + (to - from) / 3 * 3;
        for (int i = from; i < whole; i += 3) {
            base64(content[i] & 0xff, content[i + 1] & 0xff, content[i + 2] & 0xff);
        }
        if (whole < to) {
            boolean two = to - whole == 2;
            base64(content[whole] & 0xff, two ? content[whole + 1] & 0xff : 0, 0);
            buffer[length - 1] = '=';
            if (!two) {
                buffer[length - 2] = '=';
            }
        }
        buffer[length++] = '"';
        commaDue = true;
    }

    /** Three bytes as four characters; the JDK's encoder would want arrays of its own. */
    private void base64(int a, int b, int c) {
        buffer[length] = BASE64[a >> 2];
        buffer[length + 1] = BASE64[(a & 0x3) << 4 | b >> 4];
        buffer[length + 2] = BASE64[(b & 0xf) << 2 | c >> 6];
        buffer[length + 3] = BASE64[c & 0x3f];
        length += 4;
    }

    @Override
    public void number(long value) {
        ensure(Digits.MAX_LENGTH + 1);
        comma();
        length = Digits.put(value, buffer, length);
        commaDue = true;
    }

    @Override
    public void number(byte[] digits, int from, int to) {
        verbatim(digits, from, to);
    }

    @Override
    public void json(byte[] utf8, int from, int to) {
        verbatim(utf8, from, to);
    }

    @Override
    public void bool(boolean value) {
        byte[] word = value ? TRUE : FALSE;
        verbatim(word, 0, word.length);
    }

    @Override
    public void nul() {
        verbatim(NULL, 0, NULL.length);
    }

    private void verbatim(byte[] source, int from, int to) {
        ensure(to - from + 1);
        comma();
        append(source, from, to);
        commaDue = true;
    }

    private void append(byte[] source, int from, int to) {
        System.arraycopy(source, from, buffer, length, to - from);
        length += to - from;
    }

    /** The caller has made room. */
    private void comma() {
        if (commaDue) {
            buffer[length++] = ',';
        }
    }

    /** The offset of the first byte that may need an escape, or {@code to}. */
    private static int plainPrefix(byte[] utf8, int from, int to) {
        int i = from;
        while (i + Long.BYTES <= to) {
            if (mayNeedEscape((long) LONGS.get(utf8, i))) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < to && escapeOf(utf8[i]) == null) {
            i++;
        }
        return i;
    }

    /** Eight bytes at once, by the zero-byte test of "Hacker's Delight", section 6-1. */
    private static boolean mayNeedEscape(long word) {
        long control = (word - ONES * 0x20) & ~word;
        long quote = word ^ (ONES * '"');
        long backslash = word ^ (ONES * '\\');
        return ((control | ((quote - ONES) & ~quote) | ((backslash - ONES) & ~backslash)) & HIGH_BITS) != 0;
    }

    private static byte @Nullable [] escapeOf(byte b) {
        return b < 0 ? null : JsonText.escape(b);
    }

    private void escaped(byte[] utf8, int from, int to) {
        int i = from;
        while (i < to) {
            byte[] escape = escapeOf(utf8[i]);
            if (escape == null) {
                int plain = plainPrefix(utf8, i, to);
                // what is left may be all escapes of six bytes, and the closing quote
                ensure(plain - i + 7);
                append(utf8, i, plain);
                i = plain;
            } else {
                ensure(escape.length + 7);
                append(escape, 0, escape.length);
                i++;
            }
        }
    }

    private void ensure(int more) {
        if (buffer.length - length < more) {
            buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(length, more), grown(buffer.length)));
        }
    }

    private static int grown(int size) {
        return size > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE - 8 : size * 2;
    }
}
