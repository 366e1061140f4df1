package io.deltaforge.source.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.LogLevel;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of the RFCs' own examples, and of programs. */
class SyslogParserTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private final SyslogParser parser = new SyslogParser(ZoneId.of("Europe/Berlin"));

    private Parsed parse(String message) {
        return parser.parse(message.getBytes(UTF_8), micros(NOW));
    }

    private static String text(String message, Parsed parsed) {
        return new String(message.getBytes(UTF_8), parsed.start(), parsed.end() - parsed.start(), UTF_8);
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    @Test
    void readsTheFirstExampleOfRfc5424() {
        String message = "<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - "
                + "\ufeff'su root' failed for lonvick on /dev/pts/8";
        Parsed parsed = parse(message);

        assertThat(parsed.understood()).isTrue();
        assertThat(text(message, parsed)).isEqualTo("'su root' failed for lonvick on /dev/pts/8");
        assertThat(parsed.timeMicros()).isEqualTo(micros(Instant.parse("2003-10-11T22:14:15.003Z")));
        assertThat(parsed.level()).isEqualTo(LogLevel.CRITICAL);
        assertThat(parsed.hostname()).isEqualTo("mymachine.example.com");
        assertThat(parsed.fields())
                .isEqualTo(Map.of(
                        "facility", "auth",
                        "severity", "crit",
                        "hostname", "mymachine.example.com",
                        "appname", "su",
                        "msgid", "ID47"));
    }

    @Test
    void readsStructuredData() {
        String message = "<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 evntslog 8710 ID47 "
                + "[exampleSDID@32473 iut=\"3\" eventSource=\"App \\\"x\\\" [1\\] C:\\dir\\\\\"][empty][two a=\"1\" a=\"2\"] text";
        Parsed parsed = parse(message);

        assertThat(text(message, parsed)).isEqualTo("text");
        assertThat(parsed.timeMicros()).isEqualTo(micros(Instant.parse("2003-08-24T12:14:15.000003Z")));
        assertThat(parsed.fields())
                .containsEntry("procid", "8710")
                .containsEntry("sd.exampleSDID@32473.iut", "3")
                .containsEntry("sd.exampleSDID@32473.eventSource", "App \"x\" [1] C:\\dir\\")
                .containsEntry("sd.empty", "")
                .containsEntry("sd.two.a", "1,2");
    }

    @Test
    void aMessageMayEndWithItsStructuredData() {
        for (String message : new String[] {"<0>1 - - - - - -", "<0>1 - - - - - [a b=\"c\"]", "<0>1 - - - - - - "}) {
            Parsed parsed = parse(message);
            assertThat(parsed.understood()).as(message).isTrue();
            assertThat(text(message, parsed)).as(message).isEmpty();
            assertThat(parsed.timeMicros()).isEqualTo(micros(NOW));
            assertThat(parsed.level()).isEqualTo(LogLevel.FATAL);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "<34>Oct 11 22:14:15 mymachine su: 'su root' failed | 2026-10-11T20:14:15Z | mymachine | su | - | 'su root' failed",
                "<13>Feb  5 17:32:18 10.0.0.99 Use the BFG! | 2027-02-05T16:32:18Z | 10.0.0.99 | - | - | Use the BFG!",
                "<30>Nov 21 13:00:01 web1 sshd[4711]: Accepted | 2026-11-21T12:00:01Z | web1 | sshd | 4711 | Accepted",
                "<30>Dec 31 23:59:59 web1 cron[1]: late | 2026-12-31T22:59:59Z | web1 | cron | 1 | late",
                "<30>Nov 21 13:00:01 su: no host | 2026-11-21T12:00:01Z | - | su | - | no host",
                "<30>2026-11-21T10:00:00.5+01:00 web1 app: forwarded | 2026-11-21T09:00:00.5Z | web1 | app | - | forwarded",
                "<30>no time, no tag | 2026-11-21T12:00:00Z | - | - | - | no time, no tag",
                "<30>app[1]: no time | 2026-11-21T12:00:00Z | - | app | 1 | no time",
                "<30>Nov 21 13:00:01 web1 a tag [with] no: colon | 2026-11-21T12:00:01Z | web1 | - | - | a tag [with] no: colon",
                "<30>Nov 21 13:00:01 web1 app[7]:close | 2026-11-21T12:00:01Z | web1 | app | 7 | close",
                // no tags: text with colons stays whole
                "<30>Nov 21 13:00:01 web1 {\"level\": \"info\"} | 2026-11-21T12:00:01Z | web1 | - | - | {\"level\": \"info\"}",
                "<30>Nov 21 13:00:01 web1 LEEF:1.0;IBM | 2026-11-21T12:00:01Z | web1 | - | - | LEEF:1.0;IBM",
                "<30>2026-11-21T10:00:00+0100 web1 app: t | 2026-11-21T12:00:00Z | - | - | - | 2026-11-21T10:00:00+0100 web1 app: t",
            })
    void readsWhatRfc3164Describes(
            String message, String time, String host, String app, String process, String expected) {
        Parsed parsed = parse(message);
        assertThat(parsed.understood()).isTrue();
        assertThat(text(message, parsed)).isEqualTo(expected);
        assertThat(parsed.timeMicros()).isEqualTo(micros(Instant.parse(time)));
        assertThat(parsed.fields().get("hostname")).isEqualTo(host);
        assertThat(parsed.fields().get("appname")).isEqualTo(app);
        assertThat(parsed.fields().get("procid")).isEqualTo(process);
        assertThat(parsed.hostname()).isEqualTo(host == null ? "" : host);
    }

    /** The year that RFC 3164 leaves out is the one that comes nearest. */
    @Test
    void aMessageOfLastYearIsNotOfTheNext() {
        SyslogParser utc = new SyslogParser(ZoneId.of("UTC"));
        Instant newYear = Instant.parse("2027-01-01T00:00:05Z");
        byte[] message = "<30>Dec 31 23:59:59 web1 app: late".getBytes(UTF_8);
        assertThat(utc.parse(message, micros(newYear)).timeMicros())
                .isEqualTo(micros(Instant.parse("2026-12-31T23:59:59Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no priority at all",
                "<192>Oct 11 22:14:15 host app: too large a priority",
                "<>1 - - - - - - x",
                "<34>1 not-a-time host app - - - x",
                "<34>1 2003-10-11T22:14:15.003Z host app - - [never=\"ends x",
                "<34>1 2003-10-11T22:14:15.003Z host",
                "<34>1 - - - - - [a b=c] x",
                "<12",
                "",
            })
    void whatItCannotReadStaysWhole(String message) {
        Parsed parsed = parse(message);
        assertThat(parsed.understood()).isFalse();
        assertThat(text(message, parsed)).isEqualTo(message);
        assertThat(parsed.timeMicros()).isEqualTo(micros(NOW));
    }

    @Property
    void survivesAnything(@ForAll byte[] noise, @ForAll @IntRange(max = 191) int priority, @ForAll boolean isNew) {
        String begin = "<" + priority + ">" + (isNew ? "1 " : "");
        byte[] message = new byte[begin.length() + noise.length];
        System.arraycopy(begin.getBytes(UTF_8), 0, message, 0, begin.length());
        System.arraycopy(noise, 0, message, begin.length(), noise.length);
        Parsed parsed = parser.parse(message, micros(NOW));
        assertThat(parsed.start()).isBetween(0, message.length);
        assertThat(parsed.end()).isEqualTo(message.length);
        assertThat(parsed.level()).isEqualTo(LogLevel.ofSeverity(priority % 8));
    }

    /** A message cut off anywhere is read or kept whole; nothing is thrown. */
    @Property
    void survivesBeingCut(@ForAll @IntRange(max = 150) int length) {
        byte[] whole =
                ("<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 evntslog 8710 ID47 [ex@1 iut=\"3\" a=\"\\\"\"][b] "
                                + "\ufefftext")
                        .getBytes(UTF_8);
        byte[] cut = java.util.Arrays.copyOf(whole, Math.min(length, whole.length));
        Parsed parsed = parser.parse(cut, micros(NOW));
        assertThat(parsed.start()).isBetween(0, cut.length);
    }
}
