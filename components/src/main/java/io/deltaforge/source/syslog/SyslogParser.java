package io.deltaforge.source.syslog;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells RFC 5424 from RFC 3164 and reads either; what is neither stays as it is. Immutable. */
final class SyslogParser {
    private final Rfc3164 rfc3164;

    /** @param zone of timestamps that name none */
    SyslogParser(ZoneId zone) {
        this.rfc3164 = new Rfc3164(zone);
    }

    /** @param nowMicros when the message arrived, since 1970-01-01T00:00:00Z */
    Parsed parse(byte[] data, long nowMicros) {
        Priority priority = Priority.of(data);
        if (priority == null) {
            return new Parsed(0, data.length, nowMicros, null, "", Map.of(), false);
        }
        int at = priority.end();
        boolean isRfc5424 = at + 1 < data.length && data[at] == '1' && data[at + 1] == ' ';
        Parsed parsed = isRfc5424
                ? new Rfc5424(data, at + 2).parse(priority, nowMicros)
                : rfc3164.parse(data, priority, nowMicros);
        if (parsed != null) {
            return parsed;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        priority.addTo(fields);
        return new Parsed(0, data.length, nowMicros, priority.level(), "", fields, false);
    }
}
