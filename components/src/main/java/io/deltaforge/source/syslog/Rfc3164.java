package io.deltaforge.source.syslog;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.spi.log.Rfc3339;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads messages as RFC 3164 describes what is seen in the wild: {@code Mmm dd hh:mm:ss host tag[pid]: text} behind the
 * priority. Each part may be missing; a timestamp may be that of RFC 5424, as rsyslog forwards it. Immutable.
 *
 * <p>Its timestamps have neither year nor zone: the zone is given, the year is the one that comes nearest to now.
 */
final class Rfc3164 {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final int STAMP = "Oct 11 22:14:15".length();
    private static final int MAX_TAG = 64;

    private final ZoneId zone;

    Rfc3164(ZoneId zone) {
        this.zone = zone;
    }

    Parsed parse(byte[] data, Priority priority, long nowMicros) {
        Map<String, String> fields = new LinkedHashMap<>();
        priority.addTo(fields);
        int at = priority.end();
        long timeMicros = stamp(data, at, nowMicros);
        if (timeMicros != Rfc3339.NONE) {
            at += STAMP;
        } else {
            int space = wordEnd(data, at);
            timeMicros = Rfc3339.micros(data, at, space);
            at = timeMicros == Rfc3339.NONE ? at : space;
        }
        String host = "";
        if (timeMicros == Rfc3339.NONE) {
            timeMicros = nowMicros; // then no host either: section 4.3.3
        } else {
            at = behindSpace(data, at);
            int hostEnd = wordEnd(data, at);
            // without a host the tag comes next
            if (hostEnd < data.length && hostEnd > at && data[hostEnd - 1] != ':') {
                host = new String(data, at, hostEnd - at, UTF_8);
                fields.put("hostname", host);
                at = behindSpace(data, hostEnd);
            }
        }
        int start = tag(data, at, fields);
        return new Parsed(start, data.length, timeMicros, priority.level(), host, fields, true);
    }

    /**
     * Reads {@code tag[pid]:} or {@code tag: } into the fields; returns where the text begins. A text that begins like a tag
     * and is none ({@code CEF:0|…}, JSON, a time of another form) must stay whole.
     */
    private static int tag(byte[] data, int from, Map<String, String> fields) {
        int i = from;
        while (i < data.length && i - from <= MAX_TAG && isTagPart(data[i])) {
            i++;
        }
        int tagEnd = i;
        int pidStart = 0;
        int pidEnd = 0;
        if (i < data.length && data[i] == '[') {
            pidStart = ++i;
            while (i < data.length && data[i] != ']' && data[i] != ' ') {
                i++;
            }
            pidEnd = i++;
        }
        if (tagEnd == from || i >= data.length || data[i] != ':' || (pidStart > 0 && data[pidEnd] != ']')) {
            return from;
        }
        if (pidStart == 0 && i + 1 < data.length && data[i + 1] != ' ') {
            return from;
        }
        fields.put("appname", new String(data, from, tagEnd - from, US_ASCII));
        if (pidEnd > pidStart) {
            fields.put("procid", new String(data, pidStart, pidEnd - pidStart, UTF_8));
        }
        return behindSpace(data, i + 1);
    }

    private static boolean isTagPart(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || "_-./@+#%()*~".indexOf(b) >= 0;
    }

    private static int behindSpace(byte[] data, int at) {
        return at < data.length && data[at] == ' ' ? at + 1 : at;
    }

    private static int wordEnd(byte[] data, int from) {
        int i = from;
        while (i < data.length && data[i] != ' ') {
            i++;
        }
        return i;
    }

    /** The time at {@code from}; {@link Rfc3339#NONE} when there is none. */
    private long stamp(byte[] data, int from, long nowMicros) {
        if (from + STAMP > data.length || (from + STAMP < data.length && data[from + STAMP] != ' ')) {
            return Rfc3339.NONE;
        }
        String text = new String(data, from, STAMP, US_ASCII);
        int month = MONTHS.indexOf(text.substring(0, 3));
        int day = number(text, 4);
        int hour = number(text, 7);
        int minute = number(text, 10);
        int second = number(text, 13);
        boolean punctuated =
                text.charAt(3) == ' ' && text.charAt(6) == ' ' && text.charAt(9) == ':' && text.charAt(12) == ':';
        if (!punctuated || month < 0 || month % 3 != 0 || day < 1 || hour < 0 || minute < 0 || second < 0) {
            return Rfc3339.NONE;
        }
        int year = Instant.ofEpochSecond(nowMicros / 1_000_000).atZone(zone).getYear();
        long nearest = Rfc3339.NONE;
        for (int candidate = year - 1; candidate <= year + 1; candidate++) {
            long micros = micros(candidate, month / 3 + 1, day, hour, minute, Math.min(second, 59));
            if (micros != Rfc3339.NONE
                    && (nearest == Rfc3339.NONE || Math.abs(micros - nowMicros) < Math.abs(nearest - nowMicros))) {
                nearest = micros;
            }
        }
        return nearest;
    }

    private long micros(int year, int month, int day, int hour, int minute, int second) {
        try {
            return LocalDateTime.of(year, month, day, hour, minute, second)
                            .atZone(zone)
                            .toEpochSecond()
                    * 1_000_000;
        } catch (DateTimeException e) {
            return Rfc3339.NONE; // 29 February in most years
        }
    }

    /** Two digits, the first of which may be a space; negative when they are none. */
    private static int number(String text, int at) {
        int tens = text.charAt(at) == ' ' ? 0 : Character.digit(text.charAt(at), 10);
        int ones = Character.digit(text.charAt(at + 1), 10);
        return tens < 0 || ones < 0 ? -1 : tens * 10 + ones;
    }
}
