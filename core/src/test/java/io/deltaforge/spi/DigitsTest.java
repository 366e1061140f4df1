package io.deltaforge.spi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DigitsTest {

    @Property
    void areThoseOfLongToString(@ForAll long value, @ForAll @IntRange(max = 10) int at) {
        assertThat(put(value, at)).isEqualTo(Long.toString(value));
    }

    @Example
    void areRightAtEveryPowerOfTen() {
        LongStream.iterate(1, power -> power <= Long.MAX_VALUE / 10, power -> power * 10)
                .flatMap(power -> LongStream.of(power - 1, power, power + 1, -power + 1, -power, -power - 1))
                .forEach(value -> assertThat(put(value, 3)).isEqualTo(Long.toString(value)));
        assertThat(put(Long.MIN_VALUE, 0))
                .isEqualTo(Long.toString(Long.MIN_VALUE))
                .hasSize(Digits.MAX_LENGTH);
        assertThat(put(Long.MAX_VALUE, 0)).isEqualTo(Long.toString(Long.MAX_VALUE));
    }

    /** Also checks that nothing is written outside of the digits. */
    private static String put(long value, int at) {
        byte[] buffer = new byte[at + Digits.MAX_LENGTH + 4];
        Arrays.fill(buffer, (byte) '?');

        int end = Digits.put(value, buffer, at);

        String written = new String(buffer, US_ASCII);
        assertThat(written.substring(0, at)).isEqualTo("?".repeat(at));
        assertThat(written.substring(end)).isEqualTo("?".repeat(buffer.length - end));
        return written.substring(at, end);
    }
}
