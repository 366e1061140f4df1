package io.deltaforge.source.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DockerPositionTest {
    private static DockerPosition at(long number, Object... cursors) {
        Map<String, Cursor> map = new java.util.HashMap<>();
        for (int i = 0; i < cursors.length; i += 3) {
            map.put((String) cursors[i], new Cursor(((Integer) cursors[i + 1]).longValue(), (Integer) cursors[i + 2]));
        }
        return new DockerPosition(number, map);
    }

    @Test
    void isReadBackFromItsText() {
        DockerPosition position = at(7, "b", 5, 1, "a", 17, 2);
        assertThat(position.text()).isEqualTo("7;a:17:2,b:5:1");
        assertThat(DockerPosition.parse(position.text())).isEqualTo(position);
        assertThat(DockerPosition.parse("0;")).isEqualTo(at(0));
        for (String text : List.of("", "7", ";", "a;", "7;a", "7;a:1", "7;a:1:x", "7;a:1:1,", "42/16B37")) {
            assertThatThrownBy(() -> DockerPosition.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void coversLinesOfItsContainersOnly() {
        DockerPosition held = at(7, "a", 17, 2);
        assertThat(held.covers(DockerPosition.ofLine("a", 16, 5))).isTrue();
        assertThat(held.covers(DockerPosition.ofLine("a", 17, 2))).isTrue();
        assertThat(held.covers(DockerPosition.ofLine("a", 17, 3))).isFalse();
        assertThat(held.covers(DockerPosition.ofLine("a", 18, 1))).isFalse();
        assertThat(held.covers(DockerPosition.ofLine("b", 1, 1))).isFalse();
    }

    /** As when the clock is set back after reading began with what is new. */
    @Test
    void oneThatHasReadALineIsBeyondOneThatHasNot() {
        assertThat(at(8, "a", 11, 1).covers(at(7, "a", 12, 0))).isTrue();
        assertThat(at(8, "a", 12, 0).covers(at(8, "a", 11, 0))).isTrue();
        assertThat(at(8, "a", 12, 0).covers(DockerPosition.ofLine("a", 11, 1))).isFalse();
        assertThat(at(8, "a", 11, 0).covers(at(8, "a", 12, 0))).isFalse();
    }

    @Test
    void aLaterOneMayLeaveOutWhatWasRemoved() {
        assertThat(at(8, "a", 17, 2).covers(at(7, "a", 17, 2, "b", 5, 1))).isTrue();
        assertThat(at(6, "a", 17, 2).covers(at(7, "a", 17, 2, "b", 5, 1))).isFalse();
        assertThat(at(8, "a", 16, 2).covers(at(7, "a", 17, 2))).isFalse();
    }

    @Test
    void theEarliestMissesNothing() {
        assertThat(at(8, "a", 17, 2, "b", 3, 1).earliest(at(7, "a", 18, 1, "c", 1, 1)))
                .isEqualTo(at(7, "a", 17, 2));
    }
}
