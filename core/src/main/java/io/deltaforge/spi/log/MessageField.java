package io.deltaforge.spi.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.LogEntry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One field of log entries, found by its name in a message that is a JSON object (RFC 8259) or logfmt
 * ({@code key=value key="a value"}), or else among {@link LogEntry#fields}. What lies behind the field is not read, what lies
 * before it is skipped and not parsed. Immutable.
 *
 * <p>A name with dots first means a field of just this name, then the way through nested objects.
 */
public final class MessageField {
    private final String name;
    private final byte[] whole;
    private final byte[][] path;

    public MessageField(String name) {
        this.name = name;
        this.whole = name.getBytes(UTF_8);
        this.path = Arrays.stream(name.split("\\."))
                .map(part -> part.getBytes(UTF_8))
                .toArray(byte[][]::new);
    }

    /** The field's name. */
    public String name() {
        return name;
    }

    /** The value's bytes in a new array: text without its quotes, anything else as written; {@code null} without the field. */
    public byte @Nullable [] bytes(LogEntry entry) {
        Slice found = find(entry);
        if (found != null) {
            return found.bytes();
        }
        String told = entry.fields().get(name);
        return told == null ? null : told.getBytes(UTF_8);
    }

    /** The value as text; {@code null} without the field. */
    public @Nullable String text(LogEntry entry) {
        byte[] bytes = bytes(entry);
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    /** The value in the message; {@code null} without the field. */
    @Nullable
    Slice find(LogEntry entry) {
        byte[] data = entry.data();
        int from = JsonMember.skipSpace(data, entry.start(), entry.end());
        return from < entry.end() && data[from] == '{'
                ? findJson(data, from, entry.end())
                : LogfmtValue.find(data, from, entry.end(), whole);
    }

    private @Nullable Slice findJson(byte[] data, int from, int to) {
        Slice found = JsonMember.find(data, from, to, whole);
        if (found != null || path.length < 2) {
            return found;
        }
        int at = from;
        for (byte[] part : path) {
            found = at < to && data[at] == '{' ? JsonMember.find(data, at, to, part) : null;
            if (found == null) {
                return null;
            }
            at = found.start();
        }
        return found;
    }
}
