package io.deltaforge.spi.log;

import java.util.Arrays;

/**
 * Finds a value in logfmt: {@code key=value} and {@code key="a value"}, separated by spaces; words without {@code =} are
 * passed over (<a href="https://brandur.org/logfmt">brandur.org/logfmt</a>). Confined to one thread.
 */
final class LogfmtScan {
    private final byte[] data;
    private final int limit;
    private int valueStart;
    private int valueEnd;
    private boolean escaped;

    /** @param limit behind the text's last byte */
    LogfmtScan(byte[] data, int limit) {
        this.data = data;
        this.limit = limit;
    }

    boolean find(byte[] name, int from) {
        int i = from;
        while (i < limit) {
            int keyStart = skipSpaces(i);
            int keyEnd = keyStart;
            while (keyEnd < limit && data[keyEnd] != '=' && data[keyEnd] != ' ' && data[keyEnd] != '"') {
                keyEnd++;
            }
            if (keyEnd >= limit || data[keyEnd] != '=') {
                i = keyEnd + 1;
                continue;
            }
            i = value(keyEnd + 1);
            if (Arrays.equals(data, keyStart, keyEnd, name, 0, name.length)) {
                return true;
            }
        }
        return false;
    }

    int valueStart() {
        return valueStart;
    }

    int valueEnd() {
        return valueEnd;
    }

    boolean isEscaped() {
        return escaped;
    }

    /** Notes the value that begins here and returns what lies behind it. */
    private int value(int from) {
        escaped = false;
        boolean quoted = from < limit && data[from] == '"';
        int i = quoted ? from + 1 : from;
        valueStart = i;
        while (i < limit && data[i] != (quoted ? '"' : ' ')) {
            if (quoted && data[i] == '\\' && i + 1 < limit) {
                escaped = true;
                i++;
            }
            i++;
        }
        valueEnd = i;
        return i + 1;
    }

    private int skipSpaces(int from) {
        int i = from;
        while (i < limit && data[i] == ' ') {
            i++;
        }
        return i;
    }
}
