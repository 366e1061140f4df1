package io.deltaforge.source.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.spi.log.Rfc3339;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message of RFC 5424, behind its version: {@code TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG}.
 * Lengths that the RFC limits are not limited here. Confined to one thread.
 */
final class Rfc5424 {
    private final byte[] data;
    private int at;

    Rfc5424(byte[] data, int from) {
        this.data = data;
        this.at = from;
    }

    /** {@code null} when it is not as the RFC wants it. */
    @Nullable
    Parsed parse(Priority priority, long nowMicros) {
        int timeStart = at;
        String time = word();
        int timeEnd = at - 1;
        String host = word();
        String app = word();
        String process = word();
        String message = word();
        if (time == null || host == null || app == null || process == null || message == null) {
            return null;
        }
        long timeMicros = time.equals("-") ? nowMicros : Rfc3339.micros(data, timeStart, timeEnd);
        if (timeMicros == Rfc3339.NONE) {
            return null;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        priority.addTo(fields);
        put(fields, "hostname", host);
        put(fields, "appname", app);
        put(fields, "procid", process);
        put(fields, "msgid", message);
        if (!structuredData(fields)) {
            return null;
        }
        if (at < data.length) {
            at++; // the space
        }
        boolean marked = at + 2 < data.length
                && data[at] == (byte) 0xEF
                && data[at + 1] == (byte) 0xBB
                && data[at + 2] == (byte) 0xBF;
        int start = marked ? at + 3 : at;
        return new Parsed(start, data.length, timeMicros, priority.level(), host.equals("-") ? "" : host, fields, true);
    }

    private static void put(Map<String, String> fields, String name, String value) {
        if (!value.equals("-")) {
            fields.put(name, value);
        }
    }

    /** The next word and the space behind it; {@code null} without either. */
    private @Nullable String word() {
        int start = at;
        while (at < data.length && data[at] != ' ') {
            at++;
        }
        if (at == data.length || at == start) {
            return null;
        }
        return new String(data, start, at++ - start, UTF_8);
    }

    /** {@code -} or {@code [id name="value" …]…}, up to the space behind it or the end; false when it is neither. */
    private boolean structuredData(Map<String, String> fields) {
        if (at < data.length && data[at] == '-') {
            at++;
            return at == data.length || data[at] == ' ';
        }
        if (at == data.length || data[at] != '[') {
            return false;
        }
        while (at < data.length && data[at] == '[') {
            at++;
            if (!element(fields)) {
                return false;
            }
        }
        return at == data.length || data[at] == ' ';
    }

    /** From the element's id to behind its bracket. */
    private boolean element(Map<String, String> fields) {
        int start = at;
        while (at < data.length && data[at] != ' ' && data[at] != ']') {
            at++;
        }
        String prefix = "sd." + new String(data, start, at - start, UTF_8);
        boolean hasNone = true;
        while (at < data.length && data[at] == ' ') {
            at++;
            if (at < data.length && data[at] == ']') {
                break; // a space too many, which some senders write
            }
            if (!parameter(prefix, fields)) {
                return false;
            }
            hasNone = false;
        }
        if (at >= data.length || data[at] != ']') {
            return false;
        }
        at++;
        if (hasNone) {
            fields.put(prefix, "");
        }
        return true;
    }

    private boolean parameter(String prefix, Map<String, String> fields) {
        int start = at;
        while (at < data.length && data[at] != '=') {
            at++;
        }
        String name = new String(data, start, at - start, UTF_8);
        at++;
        if (name.isEmpty() || at >= data.length || data[at] != '"') {
            return false;
        }
        at++;
        String value = value();
        if (value == null) {
            return false;
        }
        // a name may come again, and none of its values is lost
        fields.merge(prefix + "." + name, value, (before, another) -> before + "," + another);
        return true;
    }

    /** Up to the closing quote; {@code "}, {@code \} and {@code ]} are escaped with a backslash, which else is one. */
    private @Nullable String value() {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        while (at < data.length && data[at] != '"') {
            if (data[at] == '\\'
                    && at + 1 < data.length
                    && (data[at + 1] == '"' || data[at + 1] == '\\' || data[at + 1] == ']')) {
                at++;
            }
            value.write(data[at++]);
        }
        if (at >= data.length) {
            return null;
        }
        at++;
        return value.toString(UTF_8);
    }
}
