package io.deltaforge.source.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern for bytes in UTF-8, which need not be made characters for it: characters beyond ASCII are looked for as their
 * bytes, so they may stand for themselves but not in classes. Confined to one thread.
 */
final class ByteText implements CharSequence {
    private final Matcher matcher;
    private byte[] data = {};
    private int start;
    private int end;

    /** @throws java.util.regex.PatternSyntaxException it is no pattern */
    ByteText(String pattern) {
        this.matcher = compile(pattern).matcher(this);
    }

    static Pattern compile(String pattern) {
        return Pattern.compile(new String(pattern.getBytes(UTF_8), ISO_8859_1));
    }

    /** True when the pattern is found between {@code from} and {@code to}. */
    boolean isIn(byte[] bytes, int from, int to) {
        data = bytes;
        start = from;
        end = to;
        return matcher.reset().find();
    }

    @Override
    public int length() {
        return end - start;
    }

    @Override
    public char charAt(int index) {
        return (char) (data[start + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
        return new String(data, start + from, to - from, ISO_8859_1);
    }

    @Override
    public String toString() {
        return new String(data, start, end - start, ISO_8859_1);
    }
}
