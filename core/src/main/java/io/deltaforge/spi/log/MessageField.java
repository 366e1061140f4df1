package io.deltaforge.spi.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.LogEntry;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One field of log entries, found by its name in a message that is a JSON object (RFC 8259) or logfmt
 * ({@code key=value key="a value"}), or else among {@link LogEntry#fields}. What lies behind the field is not read, what lies
 * before it is skipped and not parsed. Confined to one thread.
 *
 * <p>A name with dots first means a field of just this name, then the way through nested objects.
 */
public final class MessageField {
    private final String name;
    private final byte[] whole;
    private final byte[][] path;

    private byte[] data = {};
    private int start;
    private int end;
    private boolean escaped;

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
        if (find(entry)) {
            return escaped ? JsonUnescape.bytes(data, start, end) : Arrays.copyOfRange(data, start, end);
        }
        String told = entry.fields().get(name);
        return told == null ? null : told.getBytes(UTF_8);
    }

    /** The value as text; {@code null} without the field. */
    public @Nullable String text(LogEntry entry) {
        byte[] bytes = bytes(entry);
        return bytes == null ? null : new String(bytes, UTF_8);
    }

    /** Finds the value in the message: then {@link #data}, {@link #start} and {@link #end} say where it is. */
    boolean find(LogEntry entry) {
        data = entry.data();
        int from = JsonScan.skipSpace(data, entry.start(), entry.end());
        if (from < entry.end() && data[from] == '{') {
            return findJson(from, entry.end());
        }
        LogfmtScan scan = new LogfmtScan(data, entry.end());
        if (scan.find(whole, from)) {
            return found(scan.valueStart(), scan.valueEnd(), scan.isEscaped());
        }
        return false;
    }

    private boolean findJson(int from, int to) {
        JsonScan scan = new JsonScan(data, to);
        if (scan.find(whole, from)) {
            return found(scan.valueStart(), scan.valueEnd(), scan.isEscaped());
        }
        if (path.length < 2) {
            return false;
        }
        int at = from;
        for (byte[] part : path) {
            if (at >= to || data[at] != '{' || !scan.find(part, at)) {
                return false;
            }
            at = scan.valueStart();
        }
        return found(scan.valueStart(), scan.valueEnd(), scan.isEscaped());
    }

    private boolean found(int from, int to, boolean hasEscapes) {
        start = from;
        end = to;
        escaped = hasEscapes;
        return true;
    }

    byte[] data() {
        return data;
    }

    int start() {
        return start;
    }

    int end() {
        return end;
    }
}
