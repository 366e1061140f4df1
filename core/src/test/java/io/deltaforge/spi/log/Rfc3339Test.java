package io.deltaforge.spi.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
    private static final long FIRST_SECOND =
            Instant.parse("1700-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST_SECOND =
            Instant.parse("2260-12-31T23:59:59Z").getEpochSecond();

    @Property
    void aTimeIsWhatTheLibrarySaysToo(
            @ForAll @LongRange(min = -8_500_000_000L, max = 9_180_000_000L) long seconds,
            @ForAll @IntRange(max = 999_999_999) int nanos,
            @ForAll @IntRange(min = -1080, max = 1080) int offsetMinutes) {
        assertThat(seconds).isBetween(FIRST_SECOND, LAST_SECOND);
        OffsetDateTime time =
                Instant.ofEpochSecond(seconds, nanos).atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
        String text = "<" + time.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME) + ">";
        byte[] data = text.getBytes(US_ASCII);

        assertThat(Rfc3339.micros(data, 1, data.length - 1)).as(text).isEqualTo(seconds * 1_000_000 + nanos / 1000);
        assertThat(Rfc3339.nanos(data, 1, data.length - 1)).as(text).isEqualTo(seconds * 1_000_000_000 + nanos);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026",
                "2026-11-21",
                "2026-11-21T15:04:05",
                "2026-11-21 15:04:05Z",
                "2026-11-21T15:04Z",
                "2026-13-21T15:04:05Z",
                "2026-02-29T15:04:05Z",
                "2026-11-31T15:04:05Z",
                "2026-11-00T15:04:05Z",
                "2026-11-21T24:04:05Z",
                "2026-11-21T15:60:05Z",
                "2026-11-21T15:04:61Z",
                "2026-11-21T15:04:05.Z",
                "2026-11-21T15:04:05.5",
                "2026-11-21T15:04:05ZZ",
                "2026-11-21T15:04:05+2:00",
                "2026-11-21T15:04:05+02:00x",
                "2026-11-21T15:04:05+0200",
                "2026-11-21T15:04:05+24:00",
                "2o26-11-21T15:04:05Z",
                "2026-11-21T15:04:0:Z",
            })
    void whatIsNoTimeIsNone(String text) {
        assertThat(micros(text)).isEqualTo(Rfc3339.NONE);
    }

    @Test
    void whatRfcsAllowBesides() {
        assertThat(micros("2026-11-21t15:04:05z")).isEqualTo(micros("2026-11-21T15:04:05.000000+00:00"));
        assertThat(micros("2016-12-31T23:59:60Z")).isEqualTo(micros("2017-01-01T00:00:00Z"));
        assertThat(micros("2024-02-29T00:00:00.1234567891Z")).isEqualTo(micros("2024-02-29T00:00:00.123456Z"));
        assertThat(micros("2026-11-21T15:04:05-00:00")).isEqualTo(micros("2026-11-21T15:04:05Z"));
    }

    @Test
    void nanosecondsDoNotOverflow() {
        byte[] late = "9999-12-31T23:59:59Z".getBytes(US_ASCII);
        assertThat(Rfc3339.nanos(late, 0, late.length)).isEqualTo(Rfc3339.NONE);
        assertThat(Rfc3339.micros(late, 0, late.length)).isEqualTo(253_402_300_799_000_000L);
    }

    private static long micros(String text) {
        byte[] data = text.getBytes(US_ASCII);
        return Rfc3339.micros(data, 0, data.length);
    }
}
