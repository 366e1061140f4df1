package io.deltaforge.source.syslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramingTest {
    private static final int MAX = 100;

    /** Each message as its text, with {@code …} behind one that is truncated. */
    private static List<String> messages(byte[] bytes, int piece) {
        List<String> messages = new ArrayList<>();
        Framing framing = new Framing(
                MAX, (data, truncated) -> messages.add(new String(data, ISO_8859_1) + (truncated ? "…" : "")));
        for (int i = 0; i < bytes.length; i += piece) {
            framing.bytes(bytes, i, Math.min(bytes.length, i + piece));
        }
        framing.end();
        return messages;
    }

    private static List<String> messages(String bytes, int piece) {
        return messages(bytes.getBytes(ISO_8859_1), piece);
    }

    /** Of length 0 to 2 x MAX, counted or with a newline, in any mixture, cut at any byte. */
    @Property
    void findsEachMessageWhereverTheStreamIsCut(
            @ForAll @Size(max = 12) List<@IntRange(max = 800) Integer> shapes,
            @ForAll @IntRange(min = 1, max = 120) int piece) {
        StringBuilder stream = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int shape : shapes) {
            String text = "<1" + "x".repeat(shape / 4);
            switch (shape % 4) {
                case 0 -> stream.append(text.length()).append(' ').append(text);
                case 1 -> stream.append(text).append('\n');
                case 2 -> stream.append(text).append("\r\n");
                default -> stream.append(text.length()).append(' ').append(text).append('\n');
            }
            expected.add(text.length() > MAX ? text.substring(0, MAX) + "…" : text);
        }
        assertThat(messages(stream.toString(), piece)).isEqualTo(expected);
    }

    /** Whatever comes, nothing is thrown, no message is too long and the framing finds the next line. */
    @Property
    void survivesAnything(@ForAll byte[] noise, @ForAll @IntRange(min = 1, max = 50) int piece) {
        byte[] all = new byte[noise.length + 2 * MAX + 10];
        System.arraycopy(noise, 0, all, 0, noise.length);
        assertThat(messages(all, piece)).allMatch(message -> message.length() <= MAX + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-11-21 a line that begins with a number\\n | 2026-11-21 a line that begins with a number",
                "12 monkeys\\n | 12 monkeys",
                "1234567890 <too large for a length\\n | 1234567890 <too large for a length",
                "0 <no length\\n | 0 <no length",
                "<1>the last has no newline | <1>the last has no newline",
                "17 <1>is cut off | <1>is cut off…",
                "42 | 42",
                "\\n\\n<1>a\\n\\n\\n<1>b\\n | <1>a;<1>b",
            })
    void tellsLengthsFromText(String stream, String expected) {
        for (int piece = 1; piece < 60; piece++) {
            assertThat(messages(stream.replace("\\n", "\n"), piece))
                    .as("in pieces of " + piece)
                    .isEqualTo(List.of(expected.split(";")));
        }
    }
}
