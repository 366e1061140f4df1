package io.deltaforge.source.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What happens to files, and what is read of them. */
class FollowFilesTest {
    @TempDir
    Path directory;

    private Path append(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text, CREATE, APPEND);
    }

    @Test
    void linesThatAreThereAndThoseThatCome() throws Exception {
        append("app.log", "one\ntwo\r\n");
        append("app.not", "never\n");
        try (Following following = Following.from(Settings.of(directory, "**/*.*"), null)) {
            following.awaitLines("one", "two");
            append("app.log", "three\n\nfive\n");
            following.awaitLines("one", "two", "three", "", "five");
            append("below/two/new.log", "six\n");
            following.awaitLines("one", "two", "three", "", "five", "six");
        }
    }

    @Test
    void goesOnWhereTheCheckpointIs() throws Exception {
        append("app.log", "one\ntwo\n");
        String checkpoint;
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.awaitLines("one", "two");
            checkpoint = following.stop();
        }
        append("app.log", "three\n");
        append("new.log", "four\n");
        try (Following following = Following.from(Settings.of(directory, "*.log"), checkpoint)) {
            following.awaitCount(2);
            assertThat(following.feed().lines()).containsExactlyInAnyOrder("three", "four");
        }
    }

    @Test
    void aFileRenamedWhileNobodyReadsIsReadToItsEnd() throws Exception {
        append("app.log", "one\n");
        String checkpoint;
        try (Following following = Following.from(Settings.of(directory, "app.log*"), null)) {
            following.awaitLines("one");
            checkpoint = following.stop();
        }
        append("app.log", "two\n");
        Files.move(directory.resolve("app.log"), directory.resolve("app.log.1"));
        append("app.log", "three\n");
        try (Following following = Following.from(Settings.of(directory, "app.log*"), checkpoint)) {
            following.awaitCount(2);
            assertThat(following.feed().lines()).containsExactlyInAnyOrder("two", "three");
        }
    }

    @Test
    void readFromEndSkipsWhatWasThereAtTheFirstStartOnly() throws Exception {
        append("old.log", "skipped\n");
        LogsSourceConfig fromEnd = Settings.of(LogsSourceConfig.ReadFrom.END, directory, "*.log");
        String checkpoint;
        try (Following following = Following.from(fromEnd, null)) {
            following.awaitBegun();
            append("old.log", "one\n");
            following.awaitLines("one");
            append("new.log", "two\n");
            following.awaitLines("one", "two");
            checkpoint = following.stop();
        }
        append("later.log", "three\n");
        try (Following following = Following.from(fromEnd, checkpoint)) {
            following.awaitLines("three");
        }
    }

    @Test
    void aTruncatedFileIsReadAnew() throws Exception {
        Path file = append("app.log", "one\ntwo\n");
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.awaitLines("one", "two");
            Files.writeString(file, "3\n");
            following.awaitLines("one", "two", "3");
            Files.writeString(file, "longer than before\n");
            following.awaitLines("one", "two", "3", "longer than before");
        }
    }

    @Test
    void aLastLineWithoutItsEndIsDeliveredAfterAWhileAndTheRestOfItAsAnother() throws Exception {
        append("app.log", "one\nha");
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.awaitLines("one", "ha");
            append("app.log", "lf\n");
            following.awaitLines("one", "ha", "lf");
            append("app.log", "end");
            following.awaitLines("one", "ha", "lf", "end");
            append("app.log", "\nnext\n");
            following.awaitLines("one", "ha", "lf", "end", "next");
        }
    }

    @Test
    void ofALineThatIsTooLongTheBeginningIsDeliveredAndMarked() throws Exception {
        String longer = "x".repeat(1500);
        append("app.log", longer + "\nshort\n" + "y".repeat(900_000) + "\nend\n");
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.awaitLines("x".repeat(1000), "short", "y".repeat(1000), "end");
            assertThat(following.feed().entries().stream().map(io.deltaforge.event.LogEntry::truncated))
                    .containsExactly(true, false, true, false);
        }
    }

    @Test
    void aDeletedFileIsReadToItsEndAndForgotten() throws Exception {
        Path file = append("app.log", "one\n");
        append("other.log", "");
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.awaitLines("one");
            Files.delete(file);
            append("other.log", "two\n");
            following.awaitLines("one", "two");
            append("app.log", "one\n");
            following.awaitLines("one", "two", "one");
        }
    }

    @Test
    void whatIsWrittenWhileThereIsNoRoomCountsAsUnread() throws Exception {
        Path log = directory.resolve("a.log");
        Files.writeString(log, "one\n");
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.awaitLines("one").feed().room(1);
            Files.writeString(log, "two\n".repeat(100), APPEND);
            await().atMost(Duration.ofMinutes(1)).until(() -> following.feed().lagBytes() == 400);

            following.feed().room(Integer.MAX_VALUE);
            await().atMost(Duration.ofMinutes(1)).until(() -> following.feed().lagBytes() == 0);
            assertThat(following.feed().lines()).hasSize(101);
        }
    }

    @Test
    void filesThatComeAndAreRenamedOutOfSightWhileThereIsNoRoomAreReadToTheirEnd() throws Exception {
        append("a.log", "zero\n");
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.awaitLines("zero").feed().room(1);
            for (int i = 1; i <= 3; i++) {
                long unread = 4L * i;
                append("b.log", "n-" + i + "\n");
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> following.feed().lagBytes() == unread);
                Files.move(directory.resolve("b.log"), directory.resolve("b.log." + i));
            }

            following.feed().room(Integer.MAX_VALUE);
            following.awaitCount(4);
            assertThat(following.feed().lines()).containsExactlyInAnyOrder("zero", "n-1", "n-2", "n-3");
        }
    }

    @Test
    void ofTwoContentsOfAFileThatBeginAlikeTheLaterIsGoneOnWith() throws Exception {
        Path file = append("app.log", "one\n");
        String checkpoint;
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.feed().durable(0); // so that nothing is forgotten
            following.awaitLines("one");
            Files.writeString(file, "2\n");
            following.awaitLines("one", "2");
            Files.writeString(file, "one\n");
            following.awaitLines("one", "2", "one");
            append("app.log", "two\n");
            following.awaitLines("one", "2", "one", "two");
            checkpoint = following.stop();
        }
        append("app.log", "three\n");
        try (Following following = Following.from(Settings.of(directory, "*.log"), checkpoint)) {
            following.awaitCount(1);
            assertThat(following.feed().lines()).containsExactly("three");
        }
    }

    @Test
    void aNewDirectoryIsSeenAtOnceThoughAPatternForFilesMatchesIt() throws Exception {
        LogsSourceConfig seldom = Settings.scannedEvery(Duration.ofHours(1), Settings.of(directory, "**"));
        try (Following following = Following.from(seldom, null)) {
            following.awaitBegun();
            append("below/new.log", "one\n");
            following.awaitLines("one");
        }
    }

    @Test
    void whatAProgramWritesToAFileRenamedOutOfSightIsReadUntilItStops() throws Exception {
        append("app.log", "one\n");
        LogsSourceConfig config =
                Settings.of(LogsSourceConfig.ReadFrom.BEGINNING, Duration.ofSeconds(3), directory, "app.log");
        try (Following following = Following.from(config, null)) {
            following.awaitLines("one");
            String first = ((FilePosition) following.feed().entries().getFirst().position())
                    .text()
                    .replace(FilePosition.PREFIX, FilesPosition.PREFIX);
            Files.move(directory.resolve("app.log"), directory.resolve("app.old"));
            append("app.log", "two\n");
            following.awaitLines("one", "two");
            append("app.old", "three, ");
            for (String late : List.of("four", "five", "six", "seven")) {
                append("app.old", late + "\n");
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> following.feed().lines().getLast().endsWith(late));
            }
            append("app.old", "the end");
            await().atMost(Duration.ofMinutes(1)).until(() -> forgotten(following, first));
            assertThat(following.feed().lines())
                    .containsExactly("one", "two", "three, four", "five", "six", "seven", "the end");
        }
    }

    @Test
    void whatIsWrittenInADirectoryThatTookAnothersNameIsSeenAtOnce() throws Exception {
        append("app/app.log", "one\n");
        LogsSourceConfig config = Settings.of(directory, "app/*.log");
        String first;
        try (Following following = Following.from(config, null)) {
            following.awaitLines("one");
            first = following.stop();
        }
        LogsSourceConfig seldom = Settings.scannedEvery(Duration.ofSeconds(6), config);
        try (Following following = Following.from(seldom, first)) {
            following.awaitBegun();
            Files.move(directory.resolve("app"), directory.resolve("app.old"));
            append("app/app.log", "two\n");
            await().atMost(Duration.ofMinutes(1)).until(() -> forgotten(following, first));
            append("app/app.log", "three\n");
            await().atMost(Duration.ofSeconds(4))
                    .untilAsserted(() -> assertThat(following.feed().lines()).containsExactly("two", "three"));
        }
    }

    private static boolean forgotten(Following following, String position) {
        List<LogFeed.Commit> commits = following.feed().commits();
        String file = position.substring(0, position.indexOf('@'));
        return !commits.isEmpty() && !commits.getLast().position().text().startsWith(file);
    }

    @Test
    void aByteOrderMarkIsNoPartOfAFirstLineWithoutItsEndNorOfOneThatIsTooLong() throws Exception {
        append("app.log", "\ufeffone");
        append("long.log", "\ufeff" + "x".repeat(900_000) + "\n");
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.awaitCount(2);
            assertThat(following.feed().lines()).containsExactlyInAnyOrder("one", "x".repeat(1000));
        }
    }

    @Test
    void aLineThatIsHalfThereWhenReadingBeginsAtTheEndIsDeliveredWhole() throws Exception {
        append("app.log", "ha");
        LogsSourceConfig fromEnd = Settings.of(LogsSourceConfig.ReadFrom.END, directory, "*.log");
        try (Following following = Following.from(fromEnd, null)) {
            following.awaitBegun();
            append("app.log", "lf\n");
            following.awaitCount(1);
            assertThat(String.join("", following.feed().lines())).isEqualTo("half");
        }
    }

    @Test
    void aFileThatWasEmptiedWhileNobodyReadIsReadFromItsBeginning() throws Exception {
        Path loop = directory.resolve("loop"); // so that files that are not found are never given up
        Files.createSymbolicLink(loop, loop);
        Path file = append("app.log", "one\n");
        LogsSourceConfig config = Settings.of(directory, "*.log", "loop/*.log");
        String checkpoint;
        try (Following following = Following.from(config, null)) {
            following.awaitLines("one");
            checkpoint = following.stop();
        }
        Files.writeString(file, "");
        try (Following following = Following.from(config, checkpoint)) {
            following.awaitBegun();
            append("app.log", "one\ntwo\n");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> following.feed().lines().contains("two"));
            assertThat(following.feed().lines()).containsExactly("one", "two");
        }
    }

    @Test
    void aDeletedFileIsForgottenThoughSomeDirectoryCannotBeListed() throws Exception {
        Path loop = directory.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        Path file = append("app.log", "one\n");
        try (Following following = Following.from(Settings.of(directory, "*.log", "loop/*.log"), null)) {
            following.awaitLines("one");
            Files.delete(file);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> following
                            .feed()
                            .commits()
                            .getLast()
                            .position()
                            .text()
                            .equals("files:"));
        }
    }

    @Test
    void aDamagedCompressedFileIsTold() throws Exception {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(whole)) {
            out.write("one\n".getBytes(UTF_8));
        }
        Path log = directory.resolve("a.log.gz");
        Files.write(log, Arrays.copyOf(whole.toByteArray(), whole.size() - 4));
        Files.setLastModifiedTime(log, FileTime.from(Instant.now().minusSeconds(120)));
        Logger logger = (Logger) LoggerFactory.getLogger(Follower.class);
        ListAppender<ILoggingEvent> told = listen(logger);
        try (Following following = Following.from(Settings.of(directory, "*.log*"), null)) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> told.list.stream()
                            .anyMatch(event -> event.getFormattedMessage().startsWith(log + " is no whole gzip file")));

            Files.write(log, whole.toByteArray());
            following.awaitLines("one");
        } finally {
            logger.detachAppender(told);
        }
    }

    @Test
    void patternsThatMatchNothingAreTold() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(Follower.class);
        ListAppender<ILoggingEvent> told = listen(logger);
        try (Following following = Following.from(Settings.of(directory, "*.lgo"), null)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> !told.list.isEmpty());

            assertThat(told.list.getFirst().getFormattedMessage())
                    .contains("no file matches [" + directory + "/*.lgo] yet");
            Files.writeString(directory.resolve("a.lgo"), "one\n");
            following.awaitLines("one");
        } finally {
            logger.detachAppender(told);
        }
    }

    /** What an outage kept from being read and copytruncate cut off cannot be had any more; nobody should have to guess it. */
    @Test
    void whatIsCutOffUnreadIsTold() throws Exception {
        Path log = directory.resolve("a.log");
        Files.writeString(log, "zero\none\ntwo\nthree\n");
        Logger logger = (Logger) LoggerFactory.getLogger(Follower.class);
        ListAppender<ILoggingEvent> told = listen(logger);
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.awaitLines("zero", "one", "two", "three").feed().room(0);
            Files.writeString(log, "four\nfive\n", StandardOpenOption.APPEND);
            await().atMost(Duration.ofMinutes(1)).until(() -> following.feed().lagBytes() == 10);
            Files.writeString(log, "six\n");
            following.feed().room(Integer.MAX_VALUE);
            following.awaitLines("zero", "one", "two", "three", "six");

            assertThat(told.list.stream().map(ILoggingEvent::getFormattedMessage))
                    .contains(
                            log + ": 10 bytes of it were not read before it was truncated or overwritten, and are lost"
                                    + " where no copy is read. Let rotation rename it instead");
        } finally {
            logger.detachAppender(told);
        }
    }

    /** As behind a directory that may not be entered, which root in a container may; a link that leads to itself is like it. */
    @Test
    void whatCannotBeLookedAtIsToldAndNotTakenForDeleted() throws Exception {
        Path link = directory.resolve("a.log");
        Path log = directory.resolve("elsewhere");
        Files.writeString(log, "one\n");
        Files.createSymbolicLink(link, log);
        Logger logger = (Logger) LoggerFactory.getLogger(FileTree.class);
        ListAppender<ILoggingEvent> told = listen(logger);
        try (Following following = Following.from(Settings.of(directory, "*.log"), null)) {
            following.awaitLines("one");
            Files.delete(link);
            Files.createSymbolicLink(link, link);
            await().atMost(Duration.ofMinutes(1)).until(() -> !told.list.isEmpty());
            assertThat(told.list.getFirst().getFormattedMessage())
                    .startsWith(link + " cannot be looked at, so it is not read: ");

            Files.writeString(log, "two\n", StandardOpenOption.APPEND);
            following.awaitLines("one", "two");
        } finally {
            logger.detachAppender(told);
        }
    }

    private static ListAppender<ILoggingEvent> listen(Logger logger) {
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.list = new CopyOnWriteArrayList<>();
        told.start();
        logger.addAppender(told);
        return told;
    }
}
