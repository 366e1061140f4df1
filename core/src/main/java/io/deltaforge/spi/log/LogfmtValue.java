package io.deltaforge.spi.log;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds a value in logfmt: {@code key=value} and {@code key="a value"}, separated by white space; words without {@code =} are
 * passed over (<a href="https://brandur.org/logfmt">brandur.org/logfmt</a>).
 */
final class LogfmtValue {
    private LogfmtValue() {}

    /**
     * The first value of this name; {@code null} when there is none.
     *
     * @param limit behind the text's last byte
     */
    static @Nullable Slice find(byte[] data, int from, int limit, byte[] name) {
        int i = from;
        while (i < limit) {
            int keyStart = skipSpaces(data, i, limit);
            int keyEnd = keyStart;
            while (keyEnd < limit && data[keyEnd] != '=' && !isSpace(data[keyEnd]) && data[keyEnd] != '"') {
                keyEnd++;
            }
            if (keyEnd >= limit || data[keyEnd] != '=') {
                i = keyEnd + 1;
                continue;
            }
            int valueStart = keyEnd + 1;
            boolean quoted = valueStart < limit && data[valueStart] == '"';
            int valueEnd = quoted ? quoteEnd(data, ++valueStart, limit) : wordEnd(data, valueStart, limit);
            if (Arrays.equals(data, keyStart, keyEnd, name, 0, name.length)) {
                return quoted ? Slice.quoted(data, valueStart, valueEnd) : Slice.plain(data, valueStart, valueEnd);
            }
            i = valueEnd + 1;
        }
        return null;
    }

    /** Tabs and the line ends of an entry of several lines too. */
    private static boolean isSpace(byte b) {
        return b >= 0 && b <= ' ';
    }

    private static int wordEnd(byte[] data, int from, int limit) {
        int i = from;
        while (i < limit && !isSpace(data[i])) {
            i++;
        }
        return i;
    }

    /** The closing quote, or the text's end without one. */
    private static int quoteEnd(byte[] data, int from, int limit) {
        int i = from;
        while (i < limit && data[i] != '"') {
            i += data[i] == '\\' && i + 1 < limit ? 2 : 1;
        }
        return Math.min(i, limit);
    }

    private static int skipSpaces(byte[] data, int from, int limit) {
        int i = from;
        while (i < limit && isSpace(data[i])) {
            i++;
        }
        return i;
    }
}
