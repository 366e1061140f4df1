package io.deltaforge.source.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.Position;
import io.deltaforge.source.PushFeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a socket that speaks the engine's API. */
class DockerSourceTest {
    @TempDir
    Path directory;

    private Path socket;
    private FakeEngine engine;

    @BeforeEach
    void startEngine() throws IOException {
        socket = directory.resolve("d.sock");
        engine = new FakeEngine(socket);
    }

    @AfterEach
    void stopEngine() throws IOException {
        engine.close();
    }

    private DockerSourceConfig config(DockerSourceConfig.ReadFrom readFrom) {
        return new DockerSourceConfig(
                "containers",
                socket.toString(),
                List.of("*"),
                List.of("noisy*"),
                Map.of(),
                Map.of("logging", "off"),
                List.of("com.docker.compose.*"),
                readFrom,
                40_000,
                Map.of("dc", "eu"));
    }

    private DockerSource source() {
        return new DockerSource(config(DockerSourceConfig.ReadFrom.BEGINNING));
    }

    /** Where a source that begins without a checkpoint is when it has read so many entries, and ends. */
    private String positionBehind(int entries) {
        try (PushFeed feed = PushFeed.run(source())) {
            feed.awaitEntries(entries);
            return feed.position();
        }
    }

    private static String at(int second) {
        return "2026-11-21T12:00:%02d.000000001Z".formatted(second);
    }

    @Test
    void readsWhatRunsAndWhatIsStartedLater() {
        FakeEngine.FakeContainer web =
                engine.create("aaaaaaaaaaaa", "web", false, Map.of("com.docker.compose.service", "web", "other", "x"));
        web.out(at(1), "one\n");
        web.logs(at(2), true, "two\n");
        try (PushFeed feed = PushFeed.run(source())) {
            feed.awaitEntries(2);
            FakeEngine.FakeContainer job = engine.start("bbbbbbbbbbbb", "job");
            job.out(at(3), "three\n");
            List<LogEntry> entries = feed.awaitEntries(3);

            assertThat(feed.messages()).containsExactly("one", "two", "three");
            assertThat(entries.get(0).stream().labels())
                    .isEqualTo(Map.of(
                            "dc", "eu",
                            "com.docker.compose.service", "web",
                            "container", "web",
                            "container_id", "aaaaaaaaaaaa",
                            "image", "shop/web:1"));
            assertThat(entries.get(0).fields()).isEqualTo(Map.of("stream", "stdout"));
            assertThat(entries.get(1).fields()).isEqualTo(Map.of("stream", "stderr"));
            assertThat(entries.get(0).timeMicros()).isEqualTo(1_795_262_401_000_000L);
            job.out(at(4), "last\n");
            job.stop();
            feed.awaitEntries(4);
            job.startAgain();
            job.out(at(5), "again\n");
            feed.awaitEntries(5);
            assertThat(feed.messages()).endsWith("last", "again");
        }
    }

    @Test
    void leavesOutWhatIsNotWanted() {
        engine.create("aaaaaaaaaaaa", "noisy-1", false, Map.of()).out(at(1), "noise\n");
        engine.create("bbbbbbbbbbbb", "quiet", false, Map.of("logging", "off")).out(at(1), "off\n");
        engine.create("cccccccccccc", "web", false, Map.of()).out(at(2), "wanted\n");
        try (PushFeed feed = PushFeed.run(source())) {
            feed.awaitEntries(1);
            engine.start("dddddddddddd", "web2").out(at(3), "wanted too\n");
            feed.awaitEntries(2);
            assertThat(feed.messages()).containsExactly("wanted", "wanted too");
        }
    }

    @Test
    void joinsThePiecesOfLongLines() {
        String piece = "x".repeat(16 * 1024);
        FakeEngine.FakeContainer framed = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        framed.out(at(1), piece);
        framed.logs(at(1), true, "in between\n");
        framed.out(at(1), "end\n");
        framed.out(at(2), piece);
        framed.out(at(2), piece);
        framed.out(at(2), piece + "\n");
        FakeEngine.FakeContainer raw = engine.create("bbbbbbbbbbbb", "shell", true, Map.of());
        raw.out(at(1), piece);
        raw.out(at(1), "end\n");
        raw.out(at(2), "$ ls\n");
        try (PushFeed feed = PushFeed.run(source())) {
            List<LogEntry> entries = feed.awaitEntries(5);
            assertThat(of(entries, "web"))
                    .containsExactly("in between", piece + "end", (piece + piece + piece).substring(0, 40_000));
            assertThat(of(entries, "shell")).containsExactly(piece + "end", "$ ls");
            assertThat(entries.stream().filter(LogEntry::truncated)).hasSize(1);
        }
    }

    private static List<String> of(List<LogEntry> entries, String container) {
        return entries.stream()
                .filter(entry -> entry.stream().name().equals(container))
                .map(PushFeed::message)
                .toList();
    }

    /** At every byte of three frames once: the head, the time, the text. */
    @Test
    void goesOnWhereAConnectionBroke() throws IOException {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        List<String> expected = new ArrayList<>();
        for (int line = 1; line <= 20; line++) {
            // two lines of the same nanosecond each
            web.out(at(line / 2), "line " + line + "\n");
            expected.add("line " + line);
        }
        for (int bytes = 0; bytes < 150; bytes += 7) {
            engine.breakLogsAfter(bytes);
            try (PushFeed feed = PushFeed.run(source())) {
                feed.awaitEntries(20);
                assertThat(feed.messages()).as("broken after " + bytes).isEqualTo(expected);
            }
        }
    }

    /** Neither loses a line nor repeats one, wherever the checkpoint lies. */
    @Test
    void goesOnAtACheckpoint() {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        FakeEngine.FakeContainer db = engine.create("bbbbbbbbbbbb", "db", false, Map.of());
        for (int line = 0; line < 6; line++) {
            web.out(at(line / 3), "web " + line + "\n");
            db.out(at(line), "db " + line + "\n");
        }
        List<Position> commits;
        List<LogEntry> all;
        try (PushFeed feed = PushFeed.run(source())) {
            all = feed.awaitEntries(12);
            commits = feed.commits();
        }
        assertThat(all).hasSize(12);
        web.out(at(10), "web new\n");
        for (Position commit : commits) {
            List<String> expected = new ArrayList<>(all.stream()
                    .filter(entry -> !commit.covers(entry.position()))
                    .map(PushFeed::message)
                    .toList());
            expected.add("web new");
            try (PushFeed feed = PushFeed.resume(source(), commit.text())) {
                feed.awaitEntries(expected.size());
                assertThat(feed.messages()).as(commit.text()).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    /** What stopped while nobody looked is read to its end; what was removed is forgotten. */
    @Test
    void catchesUpWithWhatHappenedMeanwhile() {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        FakeEngine.FakeContainer gone = engine.create("bbbbbbbbbbbb", "gone", false, Map.of());
        web.out(at(1), "one\n");
        gone.out(at(1), "gone\n");
        String position = positionBehind(2);
        assertThat(position).contains("bbbbbbbbbbbb");
        web.out(at(2), "two\n");
        web.stop();
        engine.remove(gone);
        FakeEngine.FakeContainer brief = engine.create("cccccccccccc", "brief", false, Map.of());
        brief.out(at(3), "three\n");
        brief.stop();
        try (PushFeed feed = PushFeed.resume(source(), position)) {
            feed.awaitEntries(2);
            assertThat(feed.messages()).containsExactlyInAnyOrder("two", "three");
            assertThat(feed.position()).doesNotContain("bbbbbbbbbbbb");
            assertThat(DockerPosition.parse(feed.position()).covers(DockerPosition.parse(position)))
                    .isTrue();
        }
    }

    /** Standard output and standard error are each in order, but not with one another: each line has the time it began. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void linesThatComeLateAreNotLostAcrossARestart(boolean oldEngine) {
        if (oldEngine) {
            engine.filterAll();
        }
        List<Line> lines = List.of(
                new Line(false, at(10), "a"),
                new Line(true, at(9), "b"),
                new Line(true, at(9), "c"),
                new Line(false, at(11), "d"),
                new Line(false, at(11), "e"),
                new Line(true, at(11), "f"),
                new Line(true, at(12), "g"),
                new Line(false, at(11), "h"));
        restartBehindEach(lines);
    }

    private record Line(boolean stderr, String time, String text) {}

    /** Neither loses a line nor repeats one, however many were read before the restart. */
    private void restartBehindEach(List<Line> lines) {
        for (int before = 1; before < lines.size(); before++) {
            FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaa" + before, "web" + before, false, Map.of());
            lines.subList(0, before).forEach(line -> web.logs(line.time, line.stderr, line.text + "\n"));
            String position = positionBehind(before);
            lines.subList(before, lines.size()).forEach(line -> web.logs(line.time, line.stderr, line.text + "\n"));
            try (PushFeed feed = PushFeed.resume(source(), position)) {
                feed.awaitEntries(lines.size() - before);
                assertThat(feed.messages())
                        .as("behind " + before)
                        .isEqualTo(lines.stream().skip(before).map(Line::text).toList());
            }
            engine.remove(web);
        }
    }

    /** What is written then has times that were there before. */
    @Test
    void aClockThatIsSetBackLosesNothingAcrossARestart() {
        restartBehindEach(List.of(
                new Line(false, at(50), "a"),
                new Line(true, at(51), "b"),
                new Line(false, at(20), "c"),
                new Line(false, at(21), "d"),
                new Line(true, at(21), "e"),
                new Line(false, at(51), "f"),
                new Line(true, at(52), "g"),
                new Line(false, at(10), "h"),
                new Line(true, at(10), "i"),
                new Line(false, at(10), "j")));
    }

    /** As an engine that was asked for what is later than the start, and so withholds what is written now. */
    @Test
    void aClockThatIsSetBackKeepsNothingWaiting() throws IOException {
        Instant start = Instant.parse(at(30));
        AtomicReference<Instant> clock = new AtomicReference<>(start);
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(1), "old\n");
        try (PushFeed feed = PushFeed.run(new DockerSource(config(DockerSourceConfig.ReadFrom.END), clock::get))) {
            feed.awaitAlive();
            clock.set(start.minusSeconds(15));
            await().atMost(Duration.ofSeconds(60)).until(() -> !feed.retried().isEmpty());
            assertThat(feed.retried().getFirst()).hasMessageContaining("the clock was set back");
            web.out(at(16), "new\n");
            feed.awaitEntries(1);
            web.logs(at(17), true, "newer\n");
            feed.awaitEntries(2);
            engine.dropConnections();
            web.out(at(18), "newest\n");
            web.logs(at(18), true, "last\n");
            feed.awaitEntries(4);
            assertThat(feed.messages()).containsExactlyInAnyOrder("new", "newer", "newest", "last");
        }
    }

    /** The clock may be behind what was read, and the lines that were read come again with those that were not. */
    @Test
    void goesOnWhileTheClockIsBehindWhatWasRead() {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(40), "one\n");
        web.out(at(41), "two\n");
        web.out(at(12), "three\n");
        String position = positionBehind(3);
        web.out(at(13), "four\n");
        engine.filterAll();
        DockerSource source =
                new DockerSource(config(DockerSourceConfig.ReadFrom.BEGINNING), () -> Instant.parse(at(14)));
        try (PushFeed feed = PushFeed.resume(source, position)) {
            feed.awaitEntries(1);
            assertThat(feed.messages()).containsExactly("four");
        }
    }

    /** The dead letter queue and others know an entry by its id, and a checkpoint by its position. */
    @Test
    void linesOfOneInstantHaveIdsAndPositionsOfTheirOwn() {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(5), "one\n");
        web.out(at(5), "two\n");
        web.logs(at(5), true, "three\n");
        web.out(at(3), "four\n");
        try (PushFeed feed = PushFeed.run(source())) {
            List<LogEntry> entries = feed.awaitEntries(4);
            assertThat(entries.stream().map(entry -> entry.stream().id() + "@" + entry.lsn()))
                    .doesNotHaveDuplicates();
            assertThat(entries.stream().map(entry -> entry.position().text())).doesNotHaveDuplicates();
        }
    }

    /** What a crash printed last is what one looks for, and the next run may be silent. */
    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void lastWordsDoNotWaitForTheNextRun(boolean tty, boolean atOnce) {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", tty, Map.of());
        web.out(at(1), "one\n");
        try (PushFeed feed = PushFeed.run(source())) {
            feed.awaitEntries(1);
            web.out(at(2), "last words");
            if (atOnce) {
                web.restart();
            } else {
                web.restartLater();
            }
            feed.awaitEntries(2);
            web.out(at(3), "first words\n");
            feed.awaitEntries(3);
            assertThat(feed.messages()).containsExactly("one", "last words", "first words");
        }
    }

    /** As when a container prints prompts without a newline, and is restarted again and again. */
    @Test
    void whatWasReadWhileALineIsOpenComesOnce() {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(1), "one\n");
        web.out(at(2), "open ");
        web.logs(at(3), true, "two\n");
        String position = positionBehind(2);
        web.logs(at(4), true, "three\n");
        web.out(at(2), "and over\n");
        try (PushFeed feed = PushFeed.resume(source(), position)) {
            feed.awaitEntries(2);
            assertThat(feed.messages()).containsExactly("three", "open and over");
        }
    }

    /** Its last words were handed on when they were, and do not keep the position where they stand. */
    @Test
    void lastWordsThatWereHandedOnHoldNothingUp() throws IOException {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(1), "last words");
        try (PushFeed feed = PushFeed.run(source())) {
            feed.awaitAlive();
            web.restart();
            feed.awaitEntries(1);
            web.logs(at(20), true, "one\n");
            web.logs(at(40), true, "two\n");
            feed.awaitEntries(3);
            web.restart();
            web.logs(at(41), true, "three\n");
            feed.awaitEntries(4);
            assertThat(feed.messages()).containsExactly("last words", "one", "two", "three");
        }
    }

    /** Its pieces have the time of the first: the last one may stand behind lines that are much later. */
    @Test
    void theEndOfALongLineIsNoLine() {
        String piece = "x".repeat(16 * 1024);
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(1), piece);
        web.logs(at(20), true, "one\n");
        web.logs(at(40), true, "two\n");
        web.out(at(1), "end\n");
        String position = positionBehind(3);
        web.out(at(41), "three\n");
        try (PushFeed feed = PushFeed.resume(source(), position)) {
            feed.awaitEntries(1);
            assertThat(feed.messages()).containsExactly("three");
        }
    }

    /** The beginning must be sent again, so that what was read meanwhile is too. */
    @Test
    void aLineThatIsOpenForLongIsReadFromItsBeginning() {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(1), "open ");
        web.logs(at(30), true, "one\n");
        String position = positionBehind(1);
        web.out(at(1), "and over\n");
        try (PushFeed feed = PushFeed.resume(source(), position)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> feed.messages().contains("open and over"));
            assertThat(feed.messages()).containsOnly("one", "open and over");
        }
    }

    /** A container that is restarted at once: its log goes on, and the last words stay a line. */
    @Test
    void lastWordsAreNotJoinedWithTheNextRun() {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(1), "last words");
        web.out(at(2), "first words\n");
        String piece = "x".repeat(16 * 1024);
        web.out(at(3), piece);
        web.out(at(4), "end\n");
        try (PushFeed feed = PushFeed.run(source())) {
            feed.awaitEntries(3);
            assertThat(feed.messages()).containsExactly("last words", "first words", piece + "end");
        }
    }

    /** As the engine keeps what a program printed last: without a newline, and nothing else will come. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLastWordsNeedNoNewline(boolean tty) {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", tty, Map.of());
        web.out(at(1), "one\n");
        String position;
        try (PushFeed feed = PushFeed.run(source())) {
            feed.awaitEntries(1);
            web.out(at(2), "last words");
            web.stop();
            feed.awaitEntries(2);
            assertThat(feed.messages()).containsExactly("one", "last words");
            position = feed.position();
        }
        web.out(at(3), "first words\n");
        try (PushFeed feed = PushFeed.resume(source(), position)) {
            feed.awaitEntries(1);
            assertThat(feed.messages()).containsExactly("first words");
        }
    }

    @Test
    void asksAgainForAContainerThatCouldNotBeDescribed() {
        engine.create("aaaaaaaaaaaa", "web", false, Map.of()).out(at(1), "one\n");
        String path = "/containers/aaaaaaaaaaaa/json";
        engine.refuse(path, 500, "{\"message\":\"busy\"}");
        try (PushFeed feed = PushFeed.run(source())) {
            await().atMost(Duration.ofSeconds(60)).until(() -> engine.asked().contains(path));
            engine.allow(path);
            feed.awaitEntries(1);
            assertThat(feed.messages()).containsExactly("one");
        }
    }

    /** What is removed while its follower is about to end is forgotten all the same. */
    @Test
    void forgetsWhatIsRemovedAtOnce() {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        engine.removeWhenStopped();
        try (PushFeed feed = PushFeed.run(source())) {
            feed.awaitAlive();
            for (int job = 1; job <= 50; job++) {
                FakeEngine.FakeContainer brief = engine.create("b" + (10_000_000_000L + job), "job", false, Map.of());
                brief.out(at(1), "job\n");
                engine.start(brief);
                feed.awaitEntries(2 * job - 1);
                brief.stop();
                web.out(at(2), "web\n");
                feed.awaitEntries(2 * job);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                web.out(at(3), "web\n");
                return !feed.position().contains("b1");
            });
        }
    }

    @Test
    void aLogThatIsNotKeptIsNotWaitedFor() throws Exception {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        engine.refuse(
                "/containers/aaaaaaaaaaaa/logs",
                501,
                "{\"message\":\"configured logging driver does not support reading\"}");
        try (EngineClient client = new EngineClient(socket)) {
            Container container = Container.of(client.getJson("/containers/" + web.id + "/json"));
            CompletableFuture<Boolean> gone = CompletableFuture.supplyAsync(() -> follow(client, container));
            assertThat(gone.get(60, TimeUnit.SECONDS)).isFalse();
            assertThat(engine.asked().stream().filter(path -> path.contains("/logs")))
                    .hasSize(1);
        }
    }

    private static boolean follow(EngineClient client, Container container) {
        try {
            return new Follower(
                            client,
                            container,
                            1000,
                            new Reached(null, null),
                            new ArrayBlockingQueue<>(9),
                            new CountDownLatch(1),
                            InstantSource.system())
                    .follow();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aProxyMaySayNoInItsOwnWords() throws IOException {
        engine.refuse("/events", 403, "<html><body><h1>403 Forbidden</h1>\n</body></html>");
        try (PushFeed feed = PushFeed.run(source())) {
            await().atMost(Duration.ofSeconds(60)).until(() -> !feed.retried().isEmpty());
            assertThat(feed.retried().getFirst()).hasMessageContaining("answers 403: <html><body><h1>403 Forbidden");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"paused", "restarting"})
    void readsWhatIsPausedOrRestartingFromItsBeginning(String status) {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(1).replace("2026", "2016"), "old\n");
        web.waitsAs(status);
        try (PushFeed feed = PushFeed.run(source())) {
            feed.awaitAlive();
            web.out(at(1).replace("2026", "2096"), "new\n");
            feed.awaitEntries(2);
            assertThat(feed.messages()).containsExactly("old", "new");
        }
    }

    @Test
    void beginsNowWhenItIsToldTo() {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(1).replace("2026", "2016"), "old\n");
        try (PushFeed feed = PushFeed.run(new DockerSource(config(DockerSourceConfig.ReadFrom.END)))) {
            feed.awaitAlive();
            web.out(at(1).replace("2026", "2096"), "new\n");
            feed.awaitEntries(1);
            assertThat(feed.messages()).containsExactly("new");
        }
    }

    @Test
    void waitsForAnEngineThatIsAwayOrRestarts() throws IOException {
        FakeEngine.FakeContainer web = engine.create("aaaaaaaaaaaa", "web", false, Map.of());
        web.out(at(1), "one\n");
        try (PushFeed feed = PushFeed.run(source())) {
            feed.awaitEntries(1);
            engine.dropConnections();
            await().atMost(Duration.ofSeconds(60)).until(() -> !feed.retried().isEmpty());
            assertThat(feed.retried().getFirst()).hasMessageContaining(socket.toString());
            web.out(at(2), "two\n");
            feed.awaitEntries(2);
            assertThat(feed.messages()).containsExactly("one", "two");
        }
    }

    @Test
    void saysWhatIsWrongWithTheSocket() throws IOException {
        engine.close();
        Files.delete(socket);
        try (PushFeed feed = PushFeed.run(source())) {
            await().atMost(Duration.ofSeconds(60)).until(() -> !feed.retried().isEmpty());
            assertThat(feed.retried().getFirst()).hasMessageStartingWith("no word from the Docker engine at " + socket);
        }
        Files.write(socket, "x".getBytes(UTF_8));
        try (PushFeed feed = PushFeed.run(source())) {
            await().atMost(Duration.ofSeconds(60)).until(() -> !feed.retried().isEmpty());
        }
    }
}
