package io.deltaforge.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgPositionTest {

    @Property
    void itsTextIsReadBack(@ForAll long lsn) {
        assertThat(PgPosition.parse(new PgPosition(lsn).text())).isEqualTo(new PgPosition(lsn));
    }

    @Test
    void itsTextIsPostgresqls() {
        assertThat(PgPosition.parse("0/16b3748").lsn()).isEqualTo(0x16B3748L);
        assertThat(new PgPosition(0xFFFF_FFFF_0000_0001L).text()).isEqualTo("FFFFFFFF/1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "0/", "/1", "16B3748", "0/123456789", "0/-1", "0/1/2", " 0/1", "0/G", "0/١"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> PgPosition.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0/16B3748");
    }

    @Test
    void numbersAreUnsigned() {
        PgPosition low = new PgPosition(Long.MAX_VALUE);
        PgPosition high = new PgPosition(Long.MIN_VALUE);

        assertThat(high.covers(low)).isTrue();
        assertThat(low.covers(high)).isFalse();
        assertThat(low.covers(low)).isFalse();
        assertThat(high.earliest(low)).isEqualTo(low);
        assertThat(low.earliest(high)).isEqualTo(low);
    }
}
