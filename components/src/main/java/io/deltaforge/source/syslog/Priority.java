package io.deltaforge.source.syslog;

import io.deltaforge.event.LogLevel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The number in angle brackets that a message begins with (RFC 5424, section 6.2.1).
 *
 * @param end behind the closing bracket
 */
record Priority(int value, int end) {
    private static final int MAX = 191;
    private static final List<String> FACILITIES = List.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "syslog",
            "lpr",
            "news",
            "uucp",
            "cron",
            "authpriv",
            "ftp",
            "ntp",
            "security",
            "console",
            "solaris-cron",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7");
    private static final List<String> SEVERITIES =
            List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");

    /** {@code null} when the bytes do not begin with one. */
    static @Nullable Priority of(byte[] data) {
        if (data.length < 3 || data[0] != '<') {
            return null;
        }
        int value = 0;
        int i = 1;
        while (i < data.length && i <= 4 && data[i] >= '0' && data[i] <= '9') {
            value = value * 10 + data[i] - '0';
            i++;
        }
        boolean closed = i > 1 && i <= 4 && i < data.length && data[i] == '>';
        return closed && value <= MAX ? new Priority(value, i + 1) : null;
    }

    LogLevel level() {
        return LogLevel.ofSeverity(value & 7);
    }

    void addTo(Map<String, String> fields) {
        fields.put("facility", FACILITIES.get(value >> 3));
        fields.put("severity", SEVERITIES.get(value & 7));
    }
}
