package io.deltaforge.spi.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What PostgreSQL prints, read back, is what java.time knows of the same moment. */
class TemporalTextTest {
    private static final int MIN_YEAR = -4713;
    private static final int MAX_DATE_YEAR = 5_874_897;
    private static final int MAX_MICROS_YEAR = 294_246;

    @Property
    void readsDates(@ForAll("dates") LocalDate date) {
        byte[] text = bytes(postgres(date));

        assertThat(TemporalText.epochDay(text, 0, text.length)).isEqualTo(date.toEpochDay());
    }

    @Property
    void readsTimes(@ForAll @LongRange(min = 0, max = 86_399_999_999L) long micros) {
        byte[] text = bytes(postgres(LocalTime.ofNanoOfDay(micros * 1_000)));

        assertThat(TemporalText.microsOfDay(text, 0, text.length)).isEqualTo(micros);
    }

    @Property
    void readsTimestampsWithOffset(
            @ForAll("moments") long epochMicros, @ForAll @IntRange(min = -57_540, max = 57_540) int offsetSeconds) {
        OffsetDateTime moment = moment(epochMicros).withOffsetSameInstant(ZoneOffset.ofTotalSeconds(offsetSeconds));
        String date = postgres(moment.toLocalDate());
        boolean beforeChrist = date.endsWith(" BC");
        String text = (beforeChrist ? date.substring(0, date.length() - 3) : date)
                + ' '
                + postgres(moment.toLocalTime())
                + postgres(moment.getOffset())
                + (beforeChrist ? " BC" : "");

        assertThat(TemporalText.epochMicrosTz(bytes(text), 0, text.length())).isEqualTo(epochMicros);
    }

    @Property
    void writesInstantsAsJavaTimeDoes(@ForAll("moments") long epochMicros) {
        byte[] buffer = new byte[UtcText.MAX_LENGTH];

        int end = UtcText.put(epochMicros, UtcText.SHORTEST, buffer, 0);

        assertThat(new String(buffer, 0, end, UTF_8))
                .isEqualTo(DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(moment(epochMicros)));
    }

    @Property
    void plainTimestampsParseAsJavaTime(@ForAll("moments") long epochMicros) {
        OffsetDateTime moment = moment(epochMicros);
        String date = postgres(moment.toLocalDate());
        boolean beforeChrist = date.endsWith(" BC");
        String text = (beforeChrist ? date.substring(0, date.length() - 3) : date) + ' '
                + postgres(moment.toLocalTime()) + "+00" + (beforeChrist ? " BC" : "");

        String json = WrittenText.of(IsoForm.timestampTz(), text);

        assertThat(OffsetDateTime.parse(json.substring(1, json.length() - 1))).isEqualTo(moment);
    }

    @Example
    void knowsTheEdges() {
        assertThat(micros("infinity")).isEqualTo(TemporalText.INFINITY);
        assertThat(micros("-infinity")).isEqualTo(TemporalText.NEGATIVE_INFINITY);
        assertThat(micros("4714-11-24 00:00:00 BC")).isEqualTo(-210_866_803_200_000_000L);
        assertThat(micros("294276-12-31 23:59:59.999999")).isEqualTo(TemporalText.INFINITY - 1);
        assertThat(micros("294247-01-10 04:00:54.775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(TemporalText.microsOfDay(bytes("24:00:00"), 0, 8)).isEqualTo(TemporalText.MICROS_PER_DAY);
    }

    @Property
    void refusesAnyOtherText(@ForAll("notTimestamps") String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> micros(text));
    }

    @Provide
    Arbitrary<String> notTimestamps() {
        return Arbitraries.of(
                "",
                "-",
                "x",
                "2024-02-29",
                "2024-02-29 12:00",
                "2024-02-29T12:00:00",
                "2024-2-29 12:00:00",
                "2024-02-29 12:00:00.",
                "2024-02-29 12:00:00.1234567",
                "2024-02-29 12:00:00+00",
                "20x4-02-29 12:00:00");
    }

    @Provide
    Arbitrary<LocalDate> dates() {
        return Arbitraries.longs()
                .between(
                        LocalDate.of(MIN_YEAR, 11, 24).toEpochDay(),
                        LocalDate.of(MAX_DATE_YEAR, 12, 31).toEpochDay())
                .edgeCases(edges -> edges.add(
                        LocalDate.of(0, 2, 29).toEpochDay(),
                                LocalDate.of(0, 12, 31).toEpochDay(),
                        LocalDate.of(1, 1, 1).toEpochDay(),
                                LocalDate.of(1900, 3, 1).toEpochDay(),
                        LocalDate.of(2000, 2, 29).toEpochDay(),
                                LocalDate.of(10_000, 1, 1).toEpochDay()))
                .map(LocalDate::ofEpochDay);
    }

    @Provide
    Arbitrary<Long> moments() {
        long first = LocalDate.of(MIN_YEAR, 11, 26).toEpochDay() * TemporalText.MICROS_PER_DAY;
        long last = LocalDate.of(MAX_MICROS_YEAR, 12, 30).toEpochDay() * TemporalText.MICROS_PER_DAY;
        Arbitrary<Long> ofOurTime = Arbitraries.longs().between(0, 4_000_000_000_000_000L);
        return Arbitraries.oneOf(Arbitraries.longs().between(first, last), ofOurTime);
    }

    private static long micros(String text) {
        return TemporalText.epochMicros(bytes(text), 0, text.length());
    }

    private static OffsetDateTime moment(long epochMicros) {
        return OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC).plus(epochMicros, ChronoUnit.MICROS);
    }

    private static String postgres(LocalDate date) {
        int year = date.getYear();
        String monthAndDay = "-%02d-%02d".formatted(date.getMonthValue(), date.getDayOfMonth());
        return year > 0 ? "%04d".formatted(year) + monthAndDay : "%04d".formatted(1 - year) + monthAndDay + " BC";
    }

    private static String postgres(LocalTime time) {
        String seconds = "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
        String micros = "%06d".formatted(time.getNano() / 1_000).replaceAll("0+$", "");
        return micros.isEmpty() ? seconds : seconds + '.' + micros;
    }

    private static String postgres(ZoneOffset offset) {
        int seconds = Math.abs(offset.getTotalSeconds());
        String sign = offset.getTotalSeconds() < 0 ? "-" : "+";
        String hours = sign + "%02d".formatted(seconds / 3600);
        if (seconds % 3600 == 0) {
            return hours;
        }
        String minutes = hours + ":%02d".formatted(seconds / 60 % 60);
        return seconds % 60 == 0 ? minutes : minutes + ":%02d".formatted(seconds % 60);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
