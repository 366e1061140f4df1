package io.deltaforge.sink.file;

import static io.deltaforge.sink.Orders.CONTEXT;
import static io.deltaforge.sink.Orders.ORDERS;
import static io.deltaforge.sink.Orders.VISITS;
import static io.deltaforge.sink.Orders.batch;
import static io.deltaforge.sink.Orders.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.event.Event;
import io.deltaforge.sink.Orders;
import io.deltaforge.sink.file.FileSinkConfig.Compression;
import io.deltaforge.sink.file.FileSinkConfig.Roll;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileSinkTest {
    private static final Roll LATE = new Roll(1 << 27, Duration.ofHours(1));

    @TempDir
    Path parent;

    private final Orders events = new Orders();
    private final List<FileSink> sinks = new ArrayList<>();

    @AfterEach
    void close() {
        sinks.forEach(FileSink::close);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAcknowledgedCanBeReadWhileTheFileIsOpenAndAfterItIsFinished(Compression compression) throws Exception {
        FileSink sink = open("orders", compression, LATE);

        delivered(sink.write(batch(events.insert(ORDERS, 1, "ann"), events.insert(ORDERS, 2, "bob"))));
        delivered(sink.write(batch(events.insert(ORDERS, 3, "cyd"))));

        SortedMap<String, byte[]> open = files();
        assertThat(open).hasSize(1);
        assertThat(open.firstKey()).matches("orders-\\d{8}T\\d{9}Z\\.jsonl(\\.gz|\\.zst)?\\.open");
        assertThat(WrittenLines.ids(open)).containsExactly(1, 2, 3);

        sink.close();

        assertThat(files().firstKey() + ".open").isEqualTo(open.firstKey());
        assertThat(WrittenLines.ids(files())).containsExactly(1, 2, 3);
    }

    @Test
    void eachLineIsOneEventWithItsIdentity() throws Exception {
        FileSink sink = open("orders", Compression.NONE, LATE);

        delivered(sink.write(batch(
                events.insert(ORDERS, 1, "a\nb", "{\n  \"of\": \"two\\nlines\"\r\n}"), events.delete(ORDERS, 1))));

        sink.close();
        String text = new String(files().get(files().firstKey()), UTF_8);
        assertThat(text.lines()).hasSize(2);
        var lines = WrittenLines.read(files().firstKey(), text.getBytes(UTF_8));
        assertThat(lines.get(0).at("/after/customer").asText()).isEqualTo("a\nb");
        assertThat(lines.get(0).at("/after/document/of").asText()).isEqualTo("two\nlines");
        assertThat(lines.get(0).findValue("id").asText()).isEqualTo("0/1:0");
        assertThat(lines.get(1).findValue("id").asText()).isEqualTo("0/2:0");
    }

    @Test
    void aTemplateMakesAFileOfEachTableInFoldersThatItMakes() throws Exception {
        FileSink sink = open("${source.schema}/${source.table}", Compression.NONE, LATE);

        delivered(sink.write(batch(
                events.insert(ORDERS, 1, "ann"), events.insert(VISITS, 2, "bob"), events.insert(ORDERS, 3, "cyd"))));

        sink.close();
        assertThat(files().keySet())
                .map(name -> name.replaceAll("-.*", ""))
                .containsExactly("public/orders", "public/visits");
        assertThat(WrittenLines.ids(files())).containsExactly(1, 3, 2);
    }

    @Test
    void noValueLeadsOutOfTheDirectory() throws Exception {
        FileSink sink = open("by/${after.customer}${after.document}", Compression.NONE, LATE);

        delivered(sink.write(batch(
                events.insert(ORDERS, 1, "../../up", ""),
                events.insert(ORDERS, 2, "..", ""),
                events.insert(ORDERS, 3, ".", "."),
                events.insert(ORDERS, 4, "/etc/passwd", ""),
                events.insert(ORDERS, 5, "a\\b\u0000c", ""),
                events.insert(ORDERS, 6, "né", ""),
                events.insert(ORDERS, 7, "", ""))));

        sink.close();
        assertThat(files().keySet())
                .map(name -> name.substring(0, name.lastIndexOf('-')))
                .containsExactlyInAnyOrder(
                        "by/%2E.%2F..%2Fup_",
                        "by/%2E._", "by/%2E%2E", "by/%2Fetc%2Fpasswd_", "by/a%5Cb%00c_", "by/n%C3%A9_", "by/__");
        assertThat(parent.toFile().list()).containsExactly("archive");
    }

    @Test
    void anEventWithoutAFileNameIsRejectedAndTheOthersAreWritten() throws Exception {
        FileSink sink = open("${after.customer}", Compression.NONE, LATE);

        Failure failure = failure(sink.write(batch(
                events.insert(ORDERS, 1, "ann"),
                events.insert(ORDERS, 2, null),
                events.message("audit"),
                events.insert(ORDERS, 3, "x".repeat(201)),
                events.insert(ORDERS, 4, "ann"))));

        assertThat(((Failure.Rejected) failure).events())
                .extracting(Failure.RejectedEvent::index, Failure.RejectedEvent::kind)
                .containsExactly(tuple(1, "no_file_name"), tuple(2, "no_file_name"), tuple(3, "invalid_file_name"));
        var record = ((Failure.Rejected) failure).events().getFirst().record();
        assertThat(record.destination()).isNull();
        assertThat(WrittenLines.ids("", (new String(record.value(), UTF_8) + "\n").getBytes(UTF_8)))
                .containsExactly(2);
        assertThat(new String(record.headers().getFirst().value(), UTF_8)).isEqualTo("0/2:0");
        assertThat(WrittenLines.ids(files())).containsExactly(1, 4);
    }

    @Test
    void aFileIsFinishedWhenItIsLargeEnough() throws Exception {
        FileSink sink = open("orders", Compression.NONE, new Roll(300, Duration.ofHours(1)));

        for (int id = 1; id <= 20; id++) {
            delivered(sink.write(batch(events.insert(ORDERS, id, "ann"))));
        }
        await().until(() -> files().keySet().stream().noneMatch(name -> name.endsWith(".open"))
                || files().get(files().lastKey()).length < 300);
        sink.close();

        assertThat(WrittenLines.ids(files()))
                .isEqualTo(IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(files())
                .hasSizeGreaterThan(5)
                .allSatisfy((name, bytes) -> assertThat(bytes.length).isLessThan(700));
    }

    @Test
    void aFileIsFinishedWhenItIsOldEnoughAlthoughNothingMoreComes() throws Exception {
        FileSink sink = open("orders", Compression.GZIP, new Roll(1 << 27, Duration.ofSeconds(1)));

        delivered(sink.write(batch(events.insert(ORDERS, 1, "ann"))));

        assertThat(files().firstKey()).endsWith(".open");
        await().until(() -> files().firstKey().endsWith(".jsonl.gz"));
        assertThat(WrittenLines.ids(files())).containsExactly(1);
    }

    @Test
    void noMoreFilesAreOpenThanAllowed() throws Exception {
        Files.createDirectories(directory());
        FileSink sink = sink("${after.customer}", Compression.NONE, LATE, 3);
        sink.open(CONTEXT);

        for (int id = 0; id < 100; id++) {
            delivered(sink.write(batch(events.insert(ORDERS, id, "c" + id % 10), events.insert(ORDERS, id, "c"))));
            assertThat(files().keySet().stream().filter(name -> name.endsWith(".open")))
                    .hasSizeLessThanOrEqualTo(3);
        }

        sink.close();
        assertThat(files().keySet().stream().filter(name -> name.startsWith("c-")))
                .hasSize(1);
        assertThat(files().values().stream()
                        .mapToInt(bytes -> WrittenLines.read("", bytes).size())
                        .sum())
                .isEqualTo(200);
    }

    @Test
    void aFileLeftOpenInAFolderIsFinished() throws Exception {
        Files.createDirectories(directory().resolve("deep/er"));
        Files.writeString(
                directory().resolve("deep/er/orders-20261121T101502123Z.jsonl.open"),
                "{\"after\":{\"id\":1}}\n{\"after\":{\"id\"");

        open("orders", Compression.GZIP, LATE).close();

        assertThat(files().keySet()).containsExactly("deep/er/orders-20261121T101502123Z.jsonl");
        assertThat(WrittenLines.ids(files())).containsExactly(1);
    }

    @Test
    void aFileLeftOpenWithoutAWholeLineIsDeletedAndFilesOfOthersAreLeftAlone() throws Exception {
        Files.createDirectories(directory().resolve("deep/er"));
        Files.writeString(directory().resolve("deep/er/orders-20261121T101502123Z.jsonl.open"), "{\"a\":");
        Files.writeString(directory().resolve("shop.open"), "{\"a\":");

        open("orders", Compression.NONE, LATE).close();

        assertThat(files().keySet()).containsExactly("shop.open");
    }

    @Test
    void whatIsMissingIsSaid() throws Exception {
        FileSink sink = sink("orders", Compression.NONE, LATE, 8);
        assertThatThrownBy(() -> sink.open(CONTEXT))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage(directory() + " does not exist: create it, or mount the volume it lies on");

        Files.writeString(directory(), "a file");
        assertThatThrownBy(() -> sink.open(CONTEXT))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage(directory() + " is not a directory: name one");
    }

    @Test
    void twoSinksDoNotShareADirectory() throws Exception {
        FileSink first = open("orders", Compression.NONE, LATE);
        FileSink second = sink("visits", Compression.NONE, LATE, 8);

        assertThatThrownBy(() -> second.open(CONTEXT))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage(directory() + " is in use by another file sink: give each a directory of its own");

        first.close();
        second.open(CONTEXT);
    }

    @Test
    void aClosedSinkTakesNothing() throws Exception {
        FileSink sink = open("orders", Compression.NONE, LATE);
        sink.close();
        sink.close();

        assertThat(failure(sink.write(batch(events.insert(ORDERS, 1, "ann"))))).isInstanceOf(Failure.Retryable.class);
        assertThat(files()).isEmpty();
    }

    @Test
    void aDirectoryThatVanishesIsNotMadeAnew() throws Exception {
        FileSink sink = open("orders/${source.table}", Compression.NONE, LATE);
        deleteFiles();
        Files.delete(directory().resolve(DirectoryDisk.LOCK_FILE));
        Files.delete(directory());

        Event event = events.insert(table("orders"), 1, "ann");

        assertThat(failure(sink.write(batch(event))))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("does not exist");
        assertThat(directory()).doesNotExist();
    }

    private Path directory() {
        return parent.resolve("archive");
    }

    private FileSink open(String name, Compression compression, Roll roll) throws Exception {
        Files.createDirectories(directory());
        FileSink sink = sink(name, compression, roll, 8);
        sink.open(CONTEXT);
        return sink;
    }

    private FileSink sink(String name, Compression compression, Roll roll, int maxOpenFiles) {
        FileSink sink = new FileSink(new FileSinkConfig(
                "archive",
                directory().toString(),
                Template.parse(name),
                new NativeEnvelope(),
                new JsonEncoding(),
                true,
                compression,
                roll,
                maxOpenFiles));
        sinks.add(sink);
        return sink;
    }

    /** All files of the directory but the lock, with relative names. */
    private SortedMap<String, byte[]> files() {
        SortedMap<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(directory())) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                if (!file.endsWith(DirectoryDisk.LOCK_FILE)) {
                    files.put(directory().relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private void deleteFiles() throws IOException {
        for (String name : files().keySet()) {
            Files.delete(directory().resolve(name));
        }
    }

    private static void delivered(CompletableFuture<Void> written) throws Exception {
        written.get(10, TimeUnit.SECONDS);
    }

    private static Failure failure(CompletableFuture<Void> written) throws Exception {
        try {
            written.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (Failure) e.getCause();
        }
        throw new AssertionError("no failure");
    }
}
