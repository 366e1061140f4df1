package io.deltaforge.source.syslog;

import io.deltaforge.event.LogLevel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a message says.
 *
 * @param start where its text begins in the bytes
 * @param timeMicros since 1970-01-01T00:00:00Z; when it arrived, where the message does not say
 * @param hostname as it names its origin; empty where it does not
 * @param understood false for what is neither RFC 5424 nor RFC 3164: it is its own text then, whole
 */
record Parsed(
        int start,
        int end,
        long timeMicros,
        @Nullable LogLevel level,
        String hostname,
        Map<String, String> fields,
        boolean understood) {}
