package io.deltaforge.spi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class DigitsTest {

    @Property
    void digitsAreThoseOfTheNumber(@ForAll("numbers") long value, @ForAll @IntRange(max = 9) int at) {
        byte[] buffer = new byte[at + Digits.MAX_LENGTH];

        int end = Digits.put(value, buffer, at);

        assertThat(new String(buffer, at, end - at, ISO_8859_1)).isEqualTo(Long.toString(value));
    }

    /** Random ones, and all around the powers of ten and of two, where a digit more begins. */
    @Provide
    Arbitrary<Long> numbers() {
        Arbitrary<Long> aroundTens = Arbitraries.integers()
                .between(0, 18)
                .flatMap(power -> Arbitraries.longs().between(-2, 2).map(off -> (long) Math.pow(10, power) + off));
        Arbitrary<Long> aroundTwos = Arbitraries.integers()
                .between(0, 63)
                .flatMap(power -> Arbitraries.longs().between(-2, 2).map(off -> (1L << power) + off));
        Arbitrary<Long> positive = Arbitraries.oneOf(aroundTens, aroundTwos, Arbitraries.longs());
        return Arbitraries.oneOf(positive, positive.map(value -> -value));
    }
}
