package io.deltaforge.source.http;

import io.deltaforge.spi.JsonCheck;
import io.deltaforge.spi.intake.Lines;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How entries lie in a body, by its content type. */
enum BodyForm {
    /** A value of JSON in each line; empty lines count for nothing. */
    NDJSON,
    /** An array of values, or values one after the other. */
    JSON,
    /** A line of text each. */
    TEXT;

    private static final Map<String, BodyForm> BY_TYPE = Map.of(
            "application/x-ndjson", NDJSON,
            "application/ndjson", NDJSON,
            "application/jsonl", NDJSON,
            "application/x-jsonlines", NDJSON,
            "application/json", JSON,
            "text/plain", TEXT);

    /** Takes an entry. */
    interface Taker {
        void entry(int start, int end) throws Refusal;
    }

    static BodyForm of(@Nullable String contentType) throws Refusal {
        String type =
                contentType == null ? "" : contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        BodyForm form = BY_TYPE.get(type);
        if (form == null) {
            throw new Refusal(415, "Content-Type must be application/x-ndjson, application/json or text/plain");
        }
        return form;
    }

    /** Finds the entries in the body's first {@code length} bytes. */
    void entries(byte[] body, int length, Taker taker) throws Refusal {
        int start = length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF ? 3 : 0;
        try {
            switch (this) {
                case NDJSON -> lines(body, start, length, taker);
                case JSON -> values(body, start, length, taker);
                case TEXT -> text(body, start, length, taker);
            }
        } catch (JsonCheck.Malformed e) {
            throw new Refusal(
                    400, "line " + lineOf(body, Math.min(e.at(), length)) + " is not JSON: " + e.getMessage());
        }
    }

    private static void lines(byte[] body, int from, int length, Taker taker) throws Refusal, JsonCheck.Malformed {
        int start = from;
        while (start < length) {
            int end = start;
            while (end < length && body[end] != '\n') {
                end++;
            }
            JsonCheck line = new JsonCheck(body, end);
            int value = line.skipSpace(start);
            if (value < end) {
                int valueEnd = line.value(value);
                if (line.skipSpace(valueEnd) < end) {
                    throw new JsonCheck.Malformed(valueEnd, "more than one value in a line");
                }
                taker.entry(value, valueEnd);
            }
            start = end + 1;
        }
    }

    private static void values(byte[] body, int from, int length, Taker taker) throws Refusal, JsonCheck.Malformed {
        JsonCheck json = new JsonCheck(body, length);
        int at = json.skipSpace(from);
        if (at < length && body[at] == '[') {
            array(json, body, at, length, taker);
            return;
        }
        while (at < length) {
            int end = json.value(at);
            taker.entry(at, end);
            at = json.skipSpace(end);
        }
    }

    private static void array(JsonCheck json, byte[] body, int from, int length, Taker taker)
            throws Refusal, JsonCheck.Malformed {
        int at = json.skipSpace(from + 1);
        boolean first = true;
        while (at >= length || body[at] != ']') {
            int start = first ? at : json.comma(at, "a comma or ] is missing");
            int end = json.value(start);
            taker.entry(start, end);
            at = json.skipSpace(end);
            first = false;
        }
        int behind = json.skipSpace(at + 1);
        if (behind < length) {
            throw new JsonCheck.Malformed(behind, "something follows the array");
        }
    }

    private static void text(byte[] body, int from, int length, Taker taker) throws Refusal {
        Refusal[] refusal = new Refusal[1];
        Lines.Taker each = (start, end, truncated) -> {
            try {
                taker.entry(start, end);
            } catch (Refusal e) {
                refusal[0] = e;
            }
        };
        int rest = Lines.split(body, from, length, Integer.MAX_VALUE, each);
        if (rest < length) {
            Lines.take(body, rest, length, Integer.MAX_VALUE, each);
        }
        if (refusal[0] != null) {
            throw refusal[0];
        }
    }

    private static int lineOf(byte[] body, int at) {
        int line = 1;
        for (int i = 0; i < at; i++) {
            if (body[i] == '\n') {
                line++;
            }
        }
        return line;
    }
}
