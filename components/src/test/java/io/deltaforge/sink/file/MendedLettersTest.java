package io.deltaforge.sink.file;

import static io.deltaforge.sink.Orders.CONTEXT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.Rendered;
import io.deltaforge.spi.Template;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters with a value made by hand become lines like events. */
class MendedLettersTest {
    @TempDir
    Path directory;

    private FileSink sink;

    @BeforeEach
    void open() throws Exception {
        sink = new FileSink(new FileSinkConfig(
                "archive",
                directory.toString(),
                Template.parse("${source.schema}/${source.table}"),
                new NativeEnvelope(),
                new JsonEncoding(),
                true,
                FileSinkConfig.Compression.NONE,
                new FileSinkConfig.Roll(1 << 27, Duration.ofHours(1)),
                64));
        sink.open(CONTEXT);
    }

    @AfterEach
    void close() {
        sink.close();
    }

    @Test
    void eachIsALineOfItsStream() throws Exception {
        delivered(sink.write(letter("public/orders", "{\"mended\":\r\n1}")));
        delivered(sink.write(letter("public/orders", "[2]")));

        sink.close();
        assertThat(lines("public/orders")).containsExactly("{\"mended\":  1}", "[2]");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "/etc/passwd", "../up", "a/../../up", "a/./b", "a//b", "a/", "***", "né", "a\\b"})
    void aNameThatNoTemplateMakesIsRejected(String name) throws Exception {
        Failure.RejectedEvent rejected = rejected(sink.write(letter(name, "{}")));

        assertThat(rejected.kind()).isEqualTo("invalid_file_name");
        sink.close();
        assertThat(written(directory)).isEmpty();
    }

    @Test
    void aNameThatIsTooLongIsRejected() {
        assertThat(rejected(sink.write(letter("a/" + "x".repeat(201), "{}"))).kind())
                .isEqualTo("invalid_file_name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "{\"half\":", "{}{}", "not json", "\u0000"})
    void whatIsNoJsonWouldBreakTheFile(String value) throws Exception {
        Failure.RejectedEvent rejected = rejected(sink.write(letter("public/orders", value)));

        assertThat(rejected.kind()).isEqualTo("serialization");
        assertThat(rejected.reason()).startsWith("a line must be JSON, but at byte ");
        sink.close();
        assertThat(written(directory)).isEmpty();
    }

    private List<String> lines(String stream) throws Exception {
        Path file = written(directory.resolve(stream).getParent()).getFirst();
        assertThat(file.toString()).startsWith(directory.resolve(stream) + "-").endsWith(".jsonl");
        return Files.readAllLines(file);
    }

    private static List<Path> written(Path folder) throws Exception {
        try (Stream<Path> found = Files.walk(folder)) {
            return found.filter(file -> file.toString().contains(".jsonl")).toList();
        }
    }

    private static HandMade letter(String destination, String value) {
        return new HandMade(
                "0/1:0", new Rendered(destination, null, null, value.getBytes(UTF_8), List.of()), null, false);
    }

    private static void delivered(CompletableFuture<Void> written) throws Exception {
        written.get(10, TimeUnit.SECONDS);
    }

    private static Failure.RejectedEvent rejected(CompletableFuture<Void> written) {
        Failure.Rejected failure =
                (Failure.Rejected) catchThrowableOfType(ExecutionException.class, () -> delivered(written))
                        .getCause();
        return failure.events().getFirst();
    }
}
