package io.deltaforge.cli.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StyledLineTest {
    private static final int WIDE = 1_000;

    @Test
    void aLineThatJustFitsIsWhole() {
        StyledLine line = new StyledLine().add("insert ").add(Style.GREEN, "orders");

        assertThat(line.render(13, false)).isEqualTo("insert orders");
        assertThat(line.render(13, true)).isEqualTo("insert \u001b[32morders\u001b[0m");
    }

    @Test
    void aLongerOneIsCutWithAnEllipsisAndItsColourEnds() {
        StyledLine line =
                new StyledLine().add("insert ").add(Style.GREEN, "orders").add(" 17");

        assertThat(line.render(13, false)).isEqualTo("insert order…");
        assertThat(line.render(13, true)).isEqualTo("insert \u001b[32morder\u001b[0m…");
        assertThat(line.render(7, false)).isEqualTo("insert…");
    }

    @Test
    void wideCharactersTakeTwoColumns() {
        StyledLine line = new StyledLine().add("東京タワー");

        assertThat(line.render(10, false)).isEqualTo("東京タワー");
        assertThat(line.render(9, false)).isEqualTo("東京タワ…");
        assertThat(line.render(8, false)).isEqualTo("東京タ…");
    }

    @Test
    void dataCannotMoveTheCursorOrChangeColours() {
        StyledLine line = new StyledLine().add("a\nb\tc\u001b[31md\u0007\u009be");

        assertThat(line.render(WIDE, true)).isEqualTo("a\\nb\\tc�[31md��e");
    }

    @Test
    void paddingGoesToTheColumnOrIsOneSpace() {
        assertThat(new StyledLine().add("ab").padTo(5).add("c").render(WIDE, false))
                .isEqualTo("ab   c");
        assertThat(new StyledLine().add("abcdef").padTo(5).add("c").render(WIDE, false))
                .isEqualTo("abcdef c");
    }
}
