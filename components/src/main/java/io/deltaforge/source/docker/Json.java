package io.deltaforge.source.docker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the engine's answers: objects as {@link Map}, arrays as {@link List}, strings, numbers and booleans as
 * {@link String}, null as {@code null}. They are trusted to be JSON. Confined to one thread.
 */
final class Json {
    private static final int MAX_DEPTH = 100;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    static @Nullable Object parse(String text) throws IOException {
        try {
            Json json = new Json(text);
            return json.value();
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new IOException("the engine's answer is not JSON", e);
        }
    }

    /** A member's text; empty when it is none. */
    static String text(@Nullable Object object, String name) {
        return object instanceof Map<?, ?> map && map.get(name) instanceof String text ? text : "";
    }

    /** A member, {@code null} without it. */
    static @Nullable Object member(@Nullable Object object, String name) {
        return object instanceof Map<?, ?> map ? map.get(name) : null;
    }

    private char next() {
        while (text.charAt(at) <= ' ') {
            at++;
        }
        return text.charAt(at);
    }

    private @Nullable Object value() throws IOException {
        if (++depth > MAX_DEPTH) {
            throw new IOException("the engine's answer is nested too deep");
        }
        Object value = switch (next()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            default -> plain();
        };
        depth--;
        return value;
    }

    private Map<String, @Nullable Object> object() throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        at++;
        while (next() != '}') {
            if (text.charAt(at) == ',') {
                at++;
                next();
            }
            String name = string();
            expect(':');
            members.put(name, value());
        }
        at++;
        return members;
    }

    private List<@Nullable Object> array() throws IOException {
        List<@Nullable Object> items = new ArrayList<>();
        at++;
        while (next() != ']') {
            if (text.charAt(at) == ',') {
                at++;
            }
            items.add(value());
        }
        at++;
        return items;
    }

    private void expect(char c) throws IOException {
        if (next() != c) {
            throw new IOException("the engine's answer is not JSON");
        }
        at++;
    }

    private String string() throws IOException {
        expect('"');
        StringBuilder value = new StringBuilder();
        while (text.charAt(at) != '"') {
            char c = text.charAt(at++);
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char kind = text.charAt(at++);
            switch (kind) {
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case 'n' -> value.append('\n');
                case 'r' -> value.append('\r');
                case 't' -> value.append('\t');
                case 'u' -> {
                    value.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                    at += 4;
                }
                default -> value.append(kind);
            }
        }
        at++;
        return value.toString();
    }

    private @Nullable Object plain() throws IOException {
        int start = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == start) {
            throw new IOException("the engine's answer is not JSON");
        }
        String word = text.substring(start, at);
        return word.equals("null") ? null : word;
    }
}
