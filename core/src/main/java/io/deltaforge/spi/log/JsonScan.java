package io.deltaforge.spi.log;

import java.util.Arrays;

/**
 * Finds a member of a JSON object without building anything (RFC 8259). What is no JSON ends the search; it does not prove
 * that a text is JSON. Confined to one thread.
 */
final class JsonScan {
    private final byte[] data;
    private final int limit;
    private int valueStart;
    private int valueEnd;
    private boolean escaped;
    private boolean stringHasEscapes;

    /** @param limit behind the text's last byte */
    JsonScan(byte[] data, int limit) {
        this.data = data;
        this.limit = limit;
    }

    /** True when the object that begins at {@code from} has the member; the last of that name does not count, the first does. */
    boolean find(byte[] name, int from) {
        int i = skipSpace(data, from + 1, limit);
        while (i < limit && data[i] == '"') {
            int nameStart = i + 1;
            int nameEnd = stringEnd(nameStart);
            if (nameEnd < 0) {
                return false;
            }
            boolean wanted = Arrays.equals(data, nameStart, nameEnd, name, 0, name.length);
            i = skipSpace(data, nameEnd + 1, limit);
            if (i >= limit || data[i] != ':') {
                return false;
            }
            i = skipSpace(data, i + 1, limit);
            int end = valueEnd(i);
            if (end < 0) {
                return false;
            }
            if (wanted) {
                boolean text = data[i] == '"';
                valueStart = text ? i + 1 : i;
                valueEnd = text ? end - 1 : end;
                escaped = text && stringHasEscapes;
                return true;
            }
            i = skipSpace(data, end, limit);
            if (i >= limit || data[i] != ',') {
                return false;
            }
            i = skipSpace(data, i + 1, limit);
        }
        return false;
    }

    int valueStart() {
        return valueStart;
    }

    int valueEnd() {
        return valueEnd;
    }

    /** True when the value is a string that needs {@link JsonUnescape}. */
    boolean isEscaped() {
        return escaped;
    }

    static int skipSpace(byte[] data, int from, int limit) {
        int i = from;
        while (i < limit && (data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r')) {
            i++;
        }
        return i;
    }

    /** Behind the value that begins here; -1 when there is none, or it does not end. */
    private int valueEnd(int from) {
        if (from >= limit) {
            return -1;
        }
        return switch (data[from]) {
            case '"' -> {
                int quote = stringEnd(from + 1);
                yield quote < 0 ? -1 : quote + 1;
            }
            case '{', '[' -> nestedEnd(from);
            default -> {
                int i = from;
                while (i < limit && data[i] != ',' && data[i] != '}' && data[i] != ']' && data[i] > ' ') {
                    i++;
                }
                yield i == from ? -1 : i;
            }
        };
    }

    private int nestedEnd(int from) {
        int depth = 0;
        for (int i = from; i < limit; i++) {
            byte b = data[i];
            if (b == '"') {
                i = stringEnd(i + 1);
                if (i < 0) {
                    return -1;
                }
            } else if (b == '{' || b == '[') {
                depth++;
            } else if ((b == '}' || b == ']') && --depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    /** The closing quote of the string that begins here; -1 without one. */
    private int stringEnd(int from) {
        stringHasEscapes = false;
        for (int i = from; i < limit; i++) {
            if (data[i] == '"') {
                return i;
            }
            if (data[i] == '\\') {
                stringHasEscapes = true;
                i++;
            }
        }
        return -1;
    }
}
