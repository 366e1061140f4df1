package io.deltaforge.spi;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Proves that bytes are JSON (RFC 8259) and finds where values end, without building them. Confined to one thread. */
public final class JsonCheck {
    /** Deeper ones are refused; parsers further on have limits too. */
    private static final int MAX_DEPTH = 200;

    private final byte[] data;
    private final int limit;
    private int depth;

    /** What is no JSON, and where. */
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;
        private final int at;

        public Malformed(int at, String message) {
            super(message, null, false, false);
            this.at = at;
        }

        public int at() {
            return at;
        }
    }

    /** @param limit behind the text's last byte */
    public JsonCheck(byte[] data, int limit) {
        this.data = data;
        this.limit = limit;
    }

    /** Why the text is not one JSON value, and nothing else; {@code null} when it is. */
    public static @Nullable String flaw(byte[] text) {
        JsonCheck check = new JsonCheck(text, text.length);
        try {
            int end = check.skipSpace(check.value(check.skipSpace(0)));
            return end == text.length ? null : "byte " + end + ": something follows the value";
        } catch (Malformed e) {
            return "byte " + e.at() + ": " + e.getMessage();
        }
    }

    public int skipSpace(int from) {
        int i = from;
        while (i < limit && (data[i] == ' ' || data[i] == '\t' || data[i] == '\n' || data[i] == '\r')) {
            i++;
        }
        return i;
    }

    /** Behind the value that begins here. */
    public int value(int from) throws Malformed {
        if (from >= limit) {
            throw new Malformed(from, "the text ends where a value is missing");
        }
        return switch (data[from]) {
            case '{' -> object(from);
            case '[' -> array(from);
            case '"' -> string(from);
            case 't' -> word(from, "true");
            case 'f' -> word(from, "false");
            case 'n' -> word(from, "null");
            default -> number(from);
        };
    }

    private int object(int from) throws Malformed {
        enter(from);
        int i = skipSpace(from + 1);
        if (i < limit && data[i] == '}') {
            return leave(i);
        }
        while (true) {
            if (i >= limit || data[i] != '"') {
                throw new Malformed(i, "a member's name in double quotes is missing");
            }
            i = skipSpace(string(i));
            if (i >= limit || data[i] != ':') {
                throw new Malformed(i, "a colon is missing");
            }
            i = skipSpace(value(skipSpace(i + 1)));
            if (i < limit && data[i] == '}') {
                return leave(i);
            }
            i = comma(i, "a comma or } is missing");
        }
    }

    private int array(int from) throws Malformed {
        enter(from);
        int i = skipSpace(from + 1);
        if (i < limit && data[i] == ']') {
            return leave(i);
        }
        while (true) {
            i = skipSpace(value(i));
            if (i < limit && data[i] == ']') {
                return leave(i);
            }
            i = comma(i, "a comma or ] is missing");
        }
    }

    /** Behind the comma that stands here, and the space behind it. */
    public int comma(int at, String otherwise) throws Malformed {
        if (at >= limit || data[at] != ',') {
            throw new Malformed(at, otherwise);
        }
        return skipSpace(at + 1);
    }

    private void enter(int at) throws Malformed {
        if (++depth > MAX_DEPTH) {
            throw new Malformed(at, "values are nested more than " + MAX_DEPTH + " deep");
        }
    }

    private int leave(int at) {
        depth--;
        return at + 1;
    }

    private int string(int from) throws Malformed {
        int i = from + 1;
        while (i < limit && data[i] != '"') {
            if (data[i] >= 0 && data[i] < ' ') {
                throw new Malformed(i, "a control character in a string is not escaped");
            }
            i = data[i] == '\\' ? escape(i) : i + 1;
        }
        if (i >= limit) {
            throw new Malformed(from, "a string does not end");
        }
        return i + 1;
    }

    private int escape(int at) throws Malformed {
        byte kind = at + 1 < limit ? data[at + 1] : 0;
        if (kind == 'u') {
            for (int i = at + 2; i < at + 6; i++) {
                if (i >= limit || Character.digit(data[i], 16) < 0) {
                    throw new Malformed(at, "\\u needs four hexadecimal digits");
                }
            }
            return at + 6;
        }
        if ("\"\\/bfnrt".indexOf(kind) < 0 || kind == 0) {
            throw new Malformed(at, "a backslash begins no escape");
        }
        return at + 2;
    }

    private int word(int from, String word) throws Malformed {
        int end = from + word.length();
        if (end > limit || !new String(data, from, word.length(), StandardCharsets.US_ASCII).equals(word)) {
            throw new Malformed(from, "this is no value");
        }
        return end;
    }

    private int number(int from) throws Malformed {
        int i = from < limit && data[from] == '-' ? from + 1 : from;
        int whole = digits(i);
        if (whole == i || (data[i] == '0' && whole > i + 1)) {
            throw new Malformed(from, "this is no value");
        }
        i = whole;
        if (i < limit && data[i] == '.') {
            int fraction = digits(i + 1);
            if (fraction == i + 1) {
                throw new Malformed(i, "a number has no digit behind its point");
            }
            i = fraction;
        }
        if (i < limit && (data[i] == 'e' || data[i] == 'E')) {
            int sign = i + 1 < limit && (data[i + 1] == '+' || data[i + 1] == '-') ? i + 2 : i + 1;
            int exponent = digits(sign);
            if (exponent == sign) {
                throw new Malformed(i, "a number has no digit in its exponent");
            }
            i = exponent;
        }
        return i;
    }

    private int digits(int from) {
        int i = from;
        while (i < limit && data[i] >= '0' && data[i] <= '9') {
            i++;
        }
        return i;
    }
}
