package io.deltaforge.source.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pattern for bytes in UTF-8, which need not be made characters for it: characters beyond ASCII are looked for as their
 * bytes, so they may stand for themselves but not in classes. Confined to one thread.
 */
final class ByteText implements CharSequence {
    private static final Logger log = LoggerFactory.getLogger(ByteText.class);

    private final Matcher matcher;
    private boolean warned;
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

    /** True when the pattern is found between {@code from} and {@code to}; false when that takes too much memory. */
    boolean isIn(byte[] bytes, int from, int to) {
        data = bytes;
        start = from;
        end = to;
        try {
            return matcher.reset().find();
        } catch (StackOverflowError e) { // the matcher calls itself for each turn of a group that repeats
            if (!warned) {
                warned = true;
                log.warn(
                        "a line of {} bytes is too long for the pattern {}: such lines count as not matching. A group that"
                                + " repeats, like (a|b)*, takes memory for each turn; write [ab]*, or bound it",
                        end - start,
                        matcher.pattern());
            }
            return false;
        }
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
