package io.deltaforge.source.stdin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.LogStream;
import io.deltaforge.spi.intake.Draft;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static final int MAX = 100;

    /** Gives at most so many bytes at once. */
    private static InputStream inPieces(byte[] data, int most) {
        return new ByteArrayInputStream(data) {
            @Override
            public int read(byte[] into, int from, int length) {
                return super.read(into, from, Math.min(length, most));
            }
        };
    }

    private static List<Draft> read(byte[] data, int piece) throws IOException {
        LineReader reader = new LineReader(inPieces(data, piece), new LogStream("s", "s", Map.of(), null), MAX);
        List<Draft> lines = new ArrayList<>();
        while (!reader.hasEnded()) {
            lines.addAll(reader.read());
        }
        return lines;
    }

    private static List<String> texts(List<Draft> drafts) {
        return drafts.stream()
                .map(draft -> new String(draft.data(), draft.start(), draft.end() - draft.start(), ISO_8859_1))
                .toList();
    }

    @Property
    void readsTheLinesWhereverTheReadsAreCut(
            @ForAll @Size(max = 20) List<@StringLength(max = 100) @CharRange(from = ' ', to = 'ÿ') String> lines,
            @ForAll @IntRange(min = 1, max = 300) int piece,
            @ForAll boolean windows)
            throws IOException {
        String text =
                lines.stream().map(line -> line + (windows ? "\r\n" : "\n")).collect(Collectors.joining());
        assertThat(texts(read(text.getBytes(ISO_8859_1), piece))).isEqualTo(lines);
    }

    @Property
    void cutsLongLinesAndSaysSo(
            @ForAll @IntRange(min = 0, max = 500) int length, @ForAll @IntRange(min = 1, max = 300) int piece)
            throws IOException {
        List<Draft> lines = read(("before\n" + "x".repeat(length) + "\nbehind").getBytes(ISO_8859_1), piece);
        assertThat(texts(lines)).containsExactly("before", "x".repeat(Math.min(length, MAX)), "behind");
        assertThat(lines.get(1).truncated()).isEqualTo(length > MAX);
        assertThat(lines.get(2).truncated()).isFalse();
    }

    @Test
    void manyLinesFillSeveralBuffers() throws IOException {
        StringBuilder text = new StringBuilder();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            lines.add("line " + i);
            text.append("line ").append(i).append('\n');
        }
        assertThat(texts(read(text.toString().getBytes(ISO_8859_1), 1 << 20))).isEqualTo(lines);
    }

    @Test
    void anEmptyInputHasNoLines() throws IOException {
        assertThat(read(new byte[0], 10)).isEmpty();
        assertThat(texts(read("\n\n".getBytes(ISO_8859_1), 10))).containsExactly("", "");
    }
}
