package io.deltaforge.source.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogStream;
import io.deltaforge.source.logs.LogsSourceConfig.Encoding;
import io.deltaforge.source.logs.LogsSourceConfig.Format;
import io.deltaforge.source.logs.LogsSourceConfig.Multiline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines that are not simply entries: wrapped, encoded, compressed, or several to one. */
class LineFormsTest {
    private static final String ID = "0123456789abcdef".repeat(4);

    @TempDir
    Path directory;

    private void append(String name, byte[] bytes) throws IOException {
        Files.write(directory.resolve(name), bytes, CREATE, APPEND);
    }

    private void append(String name, String text) throws IOException {
        append(name, text.getBytes(UTF_8));
    }

    private Following follow(Format format, Encoding encoding, @Nullable Multiline multiline, String include) {
        return Following.from(Settings.of(format, encoding, multiline, directory, include), null);
    }

    @Test
    void kubernetesLogsAreTakenApartAndTheirPartsJoined() throws Exception {
        append("web-1_shop_nginx-" + ID + ".log", """
                2026-11-21T15:04:05.123456789Z stdout F hello
                2026-11-21T15:04:06Z stdout P one\s
                2026-11-21T15:04:06Z stderr F between
                2026-11-21T16:04:06+01:00 stdout F two
                no such line
                2026-11-21T15:04:07Z stdout F\s
                """);
        try (Following following = follow(Format.CRI, Encoding.UTF8, null, "*.log")) {
            following.awaitLines("hello", "between", "one two", "no such line", "");
            LogEntry first = following.feed().entries().getFirst();
            assertThat(first.timeMicros()).isEqualTo(1795273445123456L);
            assertThat(first.stream().labels())
                    .containsEntry("pod", "web-1")
                    .containsEntry("namespace", "shop")
                    .containsEntry("container", "nginx")
                    .containsEntry("container_id", ID)
                    .containsEntry("stream", "stdout");
            LogEntry between = following.feed().entries().get(1);
            LogEntry joined = following.feed().entries().get(2);
            assertThat(between.stream().labels()).containsEntry("stream", "stderr");
            // neither of the two may be committed without the other
            assertThat(between.next()).isEqualTo(joined.next());
        }
    }

    @Test
    void dockersLogsAreTakenApartAndTheirPartsJoined() throws Exception {
        append(ID + "-json.log", """
                {"log":"plain\\n","stream":"stdout","time":"2026-11-21T15:04:05.1Z"}
                {"log":"a \\"quoted\\" \\u00e9\\n","stream":"stderr","time":"2026-11-21T15:04:05.2Z"}
                {"log":"one ","stream":"stdout","time":"2026-11-21T15:04:05.3Z"}
                {"log":"two\\n","stream":"stdout","time":"2026-11-21T15:04:05.4Z"}
                {"message":"something else"}
                """);
        try (Following following = follow(Format.AUTO, Encoding.UTF8, null, "*.log")) {
            following.awaitLines("plain", "a \"quoted\" \u00e9", "one two", "{\"message\":\"something else\"}");
            assertThat(following.feed().entries().get(2).timeMicros()).isEqualTo(1795273445300000L);
        }
    }

    @Test
    void dockersOwnFileNamesTheContainer() throws Exception {
        Path of = Files.createDirectories(directory.resolve("containers").resolve(ID));
        Files.writeString(of.resolve("config.v2.json"), """
                {"ID":"%s","Name":"/shop-web-1","Config":{"Image":"nginx:1.29"},"State":{"Running":true}}""".formatted(ID));
        Files.writeString(of.resolve(ID + "-json.log"), """
                {"log":"named\\n","stream":"stdout","time":"2026-11-21T15:04:05.1Z"}
                """);
        String other = ID.replace('0', '1');
        Path without = Files.createDirectories(directory.resolve("containers").resolve(other));
        Files.writeString(without.resolve(other + "-json.log"), """
                {"log":"unnamed\\n","stream":"stdout","time":"2026-11-21T15:04:05.2Z"}
                """);

        try (Following following = follow(Format.DOCKER, Encoding.UTF8, null, "containers/*/*-json.log")) {
            await().untilAsserted(() -> assertThat(following.feed().entries())
                    .extracting(LogEntry::stream)
                    .extracting(LogStream::labels)
                    .containsExactlyInAnyOrder(
                            Map.of(
                                    "container_id",
                                    ID,
                                    "container",
                                    "shop-web-1",
                                    "image",
                                    "nginx:1.29",
                                    "stream",
                                    "stdout"),
                            Map.of("container_id", other, "stream", "stdout")));
        }
    }

    @Test
    void aStackTraceIsOneEntry() throws Exception {
        Multiline start = new Multiline("^[0-9]{4}-", null, Duration.ofMillis(200));
        append("app.log", "2026-01-01 one\n  at a\n  at b\n2026-01-02 two\n  at c\n");
        try (Following following = follow(Format.PLAIN, Encoding.UTF8, start, "*.log")) {
            following.awaitLines("2026-01-01 one\n  at a\n  at b", "2026-01-02 two\n  at c");
            append("app.log", "2026-01-03 three\n");
            following.awaitLines("2026-01-01 one\n  at a\n  at b", "2026-01-02 two\n  at c", "2026-01-03 three");
        }
    }

    @Test
    void linesThatGoOnBelongToTheOneBefore() throws Exception {
        Multiline continuation = new Multiline(null, "^\\s", Duration.ofMillis(200));
        append("app.log", "one\n\tat a\ntwo\nthree\n\tat b\n");
        try (Following following = follow(Format.PLAIN, Encoding.UTF8, continuation, "*.log")) {
            following.awaitLines("one\n\tat a", "two", "three\n\tat b");
        }
    }

    @Test
    void otherEncodingsBecomeUtf8() throws Exception {
        append("latin1.log", "caf\u00e9\r\nend\n".getBytes(ISO_8859_1));
        try (Following following = follow(Format.PLAIN, Encoding.LATIN1, null, "latin1.log")) {
            following.awaitLines("caf\u00e9", "end");
            assertThat(following.feed().entries().get(1).offset()).isEqualTo(6);
        }
        append("big.log", "\ufeff\u010a one\r\n\ud83d\ude00\n".getBytes(UTF_16BE));
        try (Following following = follow(Format.PLAIN, Encoding.UTF16, null, "big.log")) {
            following.awaitLines("\u010a one", "\ud83d\ude00");
        }
        append("little.log", "\ufeffone\ntwo".getBytes(UTF_16LE));
        try (Following following = follow(Format.PLAIN, Encoding.UTF16, null, "little.log")) {
            following.awaitLines("one", "two");
            append("little.log", "\nthree\n".getBytes(UTF_16LE));
            following.awaitLines("one", "two", "three");
        }
    }

    @Test
    void ofALineThatIsTooLongOnlyTheBeginningIsDeliveredInEveryForm() throws Exception {
        String line = "x".repeat(900_000) + "\nshort\n";
        append("latin1.log", line);
        append("utf16.log", ('\ufeff' + line).getBytes(UTF_16LE));
        assertThatTheLongLineIsCut(Encoding.LATIN1, null, "latin1.log");
        assertThatTheLongLineIsCut(Encoding.UTF16, null, "utf16.log");
        assertThatTheLongLineIsCut(Encoding.UTF8, new Multiline("^[a-z]", null, Duration.ofMillis(200)), "latin1.log");
    }

    private void assertThatTheLongLineIsCut(Encoding encoding, @Nullable Multiline multiline, String name) {
        try (Following following = follow(Format.PLAIN, encoding, multiline, name)) {
            await().until(() -> following.feed().lines().contains("short"));
            assertThat(following.feed().lines()).containsExactly("x".repeat(1000), "short");
            assertThat(following.feed().entries().stream().map(LogEntry::truncated))
                    .containsExactly(true, false);
        }
    }

    @Test
    void bytesThatAreNoCharactersAreKept() throws Exception {
        byte[] line = {'a', (byte) 0xff, 'b', 0, (byte) 0xc3, '\n'};
        append("app.log", line);
        try (Following following = follow(Format.PLAIN, Encoding.UTF8, null, "*.log")) {
            following.awaitCount(1);
            LogEntry entry = following.feed().entries().getFirst();
            assertThat(java.util.Arrays.copyOfRange(entry.data(), entry.start(), entry.end()))
                    .containsExactly('a', 0xff, 'b', 0, 0xc3);
        }
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void aCompressedFileIsReadOnceItIsWhole() throws Exception {
        byte[] bytes = gzip("one\ntwo\nthree");
        append("old.log.gz", java.util.Arrays.copyOf(bytes, bytes.length - 5));
        append("app.log", "now\n");
        try (Following following = follow(Format.PLAIN, Encoding.UTF8, null, "*.log*")) {
            following.awaitLines("now");
            append("old.log.gz", java.util.Arrays.copyOfRange(bytes, bytes.length - 5, bytes.length));
            following.awaitLines("now", "one", "two", "three");
        }
    }

    @Test
    void whatWasReadBeforeItWasCompressedIsNotReadAgain() throws Exception {
        String text = "one\ntwo\n";
        append("app.log.1", text);
        String checkpoint;
        try (Following following = follow(Format.PLAIN, Encoding.UTF8, null, "app.log*")) {
            following.awaitLines("one", "two");
            append("app.log.1.gz", gzip(text));
            Files.delete(directory.resolve("app.log.1"));
            append("app.log", "three\n");
            following.awaitLines("one", "two", "three");
            checkpoint = following.stop();
        }
        append("app.log", "four\n");
        Files.move(directory.resolve("app.log"), directory.resolve("app.log.1"));
        append("app.log.2.gz", gzip("three\nfour\nfive\n"));
        Files.delete(directory.resolve("app.log.1"));
        LogsSourceConfig config = Settings.of(directory, "app.log*");
        try (Following following = Following.from(config, checkpoint)) {
            following.awaitLines("four", "five");
            await().atMost(Duration.ofMinutes(1)).until(() -> following.feed().lagBytes() == 0);
            assertThat(following.feed().lines()).containsExactly("four", "five");
        }
    }

    @Test
    void aCompressedFileThatIsRenamedWhileItIsReadIsReadOn() throws Exception {
        String text = "0123456789".repeat(500);
        append("app.log.1.gz", gzip(text));
        Path file = directory.resolve("app.log.1.gz");
        byte[] read = new byte[2000];
        try (Content content = GzipContent.open(file)) {
            content.read(read, 1000, 4000);
            Files.move(file, directory.resolve("app.log.2.gz"));
            append("app.log.1.gz", gzip("x".repeat(5000)));
            assertThat(content.read(read, 2000, 1000)).isEqualTo(2000);
        }
        assertThat(new String(read, UTF_8)).isEqualTo(text.substring(1000, 3000));
    }

    @Test
    void aFileThatIsCompressedWhileItIsReadIsNotReadTwice() throws Exception {
        int count = 60_000;
        List<String> lines =
                IntStream.range(0, count).mapToObj(i -> "line number " + i).toList();
        String text = String.join("\n", lines) + "\n";
        try (Following following = follow(Format.PLAIN, Encoding.UTF8, null, "app.log*")) {
            following.awaitBegun();
            following.feed().room(1);
            append("app.log.1", text);
            following.awaitCount(1);
            append("compressed", gzip(text));
            Files.move(directory.resolve("compressed"), directory.resolve("app.log.1.gz"));
            following.feed().room(Integer.MAX_VALUE);
            following.awaitCount(count);
            Files.delete(directory.resolve("app.log.1"));
            append("app.log", "end\n");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> following.feed().lines().contains("end")
                            && following
                                            .feed()
                                            .commits()
                                            .getLast()
                                            .position()
                                            .text()
                                            .chars()
                                            .filter(c -> c == '@')
                                            .count()
                                    == 2
                            && following.feed().lagBytes() == 0);
            assertThat(following.feed().lines()).hasSize(count + 1).startsWith(lines.toArray(String[]::new));
        }
    }

    @Test
    void halfACharacterWaitsForItsOtherHalf() throws Exception {
        byte[] bytes = "\ufeffone\nhalf\nend\n".getBytes(UTF_16LE);
        int half = "\ufeffone\nha".getBytes(UTF_16LE).length + 1;
        append("app.log", java.util.Arrays.copyOf(bytes, half));
        try (Following following = follow(Format.PLAIN, Encoding.UTF16, null, "*.log")) {
            following.awaitLines("one", "ha");
            append("app.log", java.util.Arrays.copyOfRange(bytes, half, bytes.length));
            following.awaitLines("one", "ha", "lf", "end");
        }
    }
}
