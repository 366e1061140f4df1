package io.deltaforge.spi.log;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds a member of a JSON object without building anything (RFC 8259). What is no JSON ends the search; it does not prove
 * that a text is JSON.
 */
public final class JsonMember {
    private JsonMember() {}

    /**
     * The value of the object's first member of this name; {@code null} when there is none.
     *
     * @param from where the object begins
     * @param limit behind the text's last byte
     */
    public static @Nullable Slice find(byte[] data, int from, int limit, byte[] name) {
        int i = skipSpace(data, from + 1, limit);
        while (i < limit && data[i] == '"') {
            int nameStart = i + 1;
            int nameEnd = stringEnd(data, nameStart, limit);
            if (nameEnd < 0) {
                return null;
            }
            i = skipSpace(data, nameEnd + 1, limit);
            if (i >= limit || data[i] != ':') {
                return null;
            }
            i = skipSpace(data, i + 1, limit);
            int end = valueEnd(data, i, limit);
            if (end < 0) {
                return null;
            }
            if (isNamed(data, nameStart, nameEnd, name)) {
                return data[i] == '"' ? Slice.quoted(data, i + 1, end - 1) : Slice.plain(data, i, end);
            }
            i = skipSpace(data, end, limit);
            if (i >= limit || data[i] != ',') {
                return null;
            }
            i = skipSpace(data, i + 1, limit);
        }
        return null;
    }

    /** As its sender wrote it or, where that has escapes, as it is meant: some escape all but ASCII, some each slash. */
    private static boolean isNamed(byte[] data, int start, int end, byte[] name) {
        if (end - start <= name.length) {
            return Arrays.equals(data, start, end, name, 0, name.length);
        }
        Slice written = Slice.quoted(data, start, end);
        return written.isEscaped() && Arrays.equals(written.bytes(), name);
    }

    static int skipSpace(byte[] data, int from, int limit) {
        int i = from;
        while (i < limit && (data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r')) {
            i++;
        }
        return i;
    }

    /** Behind the value that begins here; -1 when there is none, or it does not end. */
    private static int valueEnd(byte[] data, int from, int limit) {
        if (from >= limit) {
            return -1;
        }
        return switch (data[from]) {
            case '"' -> {
                int quote = stringEnd(data, from + 1, limit);
                yield quote < 0 ? -1 : quote + 1;
            }
            case '{', '[' -> nestedEnd(data, from, limit);
            default -> {
                int i = from;
                while (i < limit && data[i] != ',' && data[i] != '}' && data[i] != ']' && data[i] > ' ') {
                    i++;
                }
                yield i == from ? -1 : i;
            }
        };
    }

    private static int nestedEnd(byte[] data, int from, int limit) {
        int depth = 0;
        for (int i = from; i < limit; i++) {
            byte b = data[i];
            if (b == '"') {
                i = stringEnd(data, i + 1, limit);
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
    private static int stringEnd(byte[] data, int from, int limit) {
        for (int i = from; i < limit; i++) {
            if (data[i] == '"') {
                return i;
            }
            if (data[i] == '\\') {
                i++;
            }
        }
        return -1;
    }
}
