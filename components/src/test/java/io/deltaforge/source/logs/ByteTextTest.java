package io.deltaforge.source.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteTextTest {
    @Test
    void aLineThatIsTooLongForThePatternDoesNotMatchIt() {
        ByteText text = new ByteText("^(ab|cd)*$");
        byte[] line = "ab".repeat(500_000).getBytes(UTF_8);

        assertThat(text.isIn(line, 0, line.length)).isFalse();
        assertThat(text.isIn(line, 0, 20)).isTrue();
    }
}
