package io.deltaforge.source.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.event.SourceInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are renamed at the wrong moment. */
class WatchedFilesTest {
    @TempDir
    Path directory;

    private final FileTable table = new FileTable();
    private final LogFeed feed = new LogFeed(null);
    private final OpenFiles open = new OpenFiles(1);
    private final List<FollowedFile> changed = new ArrayList<>();

    @AfterEach
    void close() {
        open.closeAll();
    }

    @Test
    void aFileRenamedBeforeItIsOpenedIsReadUnderItsNextName() throws Exception {
        Path log = directory.resolve("a.log");
        Reading reading = new Reading(null);
        try (WatchedFiles files = reading.files) {
            files.begin();
            Files.writeString(log, "one\n");
            FollowedFile file = awaitChanged(files);
            Files.move(log, directory.resolve("a.log.1"));

            FileReader.Outcome outcome = reading.read(file);
            assertThat(outcome).isEqualTo(FileReader.Outcome.ABSENT);

            // as it still is when the writing is told, under the name before
            while (outcome == FileReader.Outcome.ABSENT) {
                changed.clear();
                assertThat(awaitChanged(files)).isSameAs(file);
                outcome = reading.read(file);
            }
            assertThat(feed.lines()).containsExactly("one");
        }
    }

    @Test
    void aFileMissedWhenReadingBeginsIsRecognisedLater() throws Exception {
        Path log = directory.resolve("a.log");
        Files.writeString(log, "one\n");
        Reading before = new Reading(null);
        try (WatchedFiles files = before.files) {
            files.begin();
            assertThat(before.read(changed.getLast())).isEqualTo(FileReader.Outcome.CAUGHT_UP);
            before.outlet.commit();
        }
        open.closeAll();
        Path elsewhere = directory.resolve("a.not");
        Files.move(log, elsewhere);
        changed.clear();

        Reading after = new Reading((FilesPosition) feed.commits().getLast().position());
        try (WatchedFiles files = after.files) {
            files.begin();
            Files.move(elsewhere, directory.resolve("a.log.1"));
            Files.writeString(directory.resolve("a.log.1"), "two\n", StandardOpenOption.APPEND);
            FollowedFile file = awaitChanged(files);
            after.read(file);
        }
        assertThat(feed.lines()).containsExactly("one", "two");
    }

    @Test
    void anOpenFileThatIsDeletedIsNotClosedBeforeItIsReadToItsEnd() throws Exception {
        Path a = directory.resolve("a.log");
        Reading reading = new Reading(null);
        try (WatchedFiles files = reading.files) {
            files.begin();
            Files.writeString(a, "one\n");
            FollowedFile deleted = awaitChanged(files);
            reading.read(deleted);
            Files.writeString(a, "two\n", StandardOpenOption.APPEND);
            Files.delete(a);
            changed.clear();
            Files.writeString(directory.resolve("b.log"), "three\n");
            await().until(() -> awaitChanged(files) != deleted);

            reading.read(changed.getLast());
            reading.read(deleted);
        }
        assertThat(feed.lines()).containsExactly("one", "three", "two");
    }

    /** As one is that gets the inode of another which was deleted. */
    @Test
    void aFileThatIsThereAgainWhenItIsToBeDroppedIsKept() throws Exception {
        Path log = directory.resolve("a.log");
        Path elsewhere = directory.resolve("a.not");
        Reading reading = new Reading(null);
        try (WatchedFiles files = reading.files) {
            files.begin();
            Files.writeString(log, "one\n");
            FollowedFile file = awaitChanged(files);
            reading.read(file);
            open.closeAll();
            Files.move(log, elsewhere);
            await().until(() -> {
                files.update();
                return file.gone;
            });

            Files.writeString(elsewhere, "two\nthr", StandardOpenOption.APPEND);
            Files.move(elsewhere, log);
            assertThat(reading.read(file)).isEqualTo(FileReader.Outcome.PARTIAL);
            assertThat(file.gone).isFalse();
        }
        assertThat(feed.lines()).containsExactly("one", "two");
    }

    @Test
    void aFileThatCannotBeOpenedWhenReadingBeginsIsRecognisedLater() throws Exception {
        Path log = directory.resolve("a.log");
        Files.writeString(log, "one\n");
        Reading before = new Reading(null);
        try (WatchedFiles files = before.files) {
            files.begin();
            before.read(changed.getLast());
            before.outlet.commit();
        }
        open.closeAll();
        Files.writeString(log, "two\n", StandardOpenOption.APPEND);

        Reading after = new Reading((FilesPosition) feed.commits().getLast().position());
        after.hidden = log;
        try (WatchedFiles files = after.files) {
            files.begin();
            await().until(() -> {
                files.update();
                return after.identified >= 2;
            });
            after.hidden = null;
            after.read(changed.getLast());
        }
        assertThat(feed.lines()).containsExactly("one", "two");
    }

    private final class Reading {
        final Outlet outlet;
        final FileReader reader;
        final Recognition recognition;
        final WatchedFiles files;
        /** Not there whenever it is to be identified. */
        @Nullable
        Path hidden;

        int identified;

        Reading(@Nullable FilesPosition position) {
            LogsSourceConfig config = Settings.of(directory, "*.log*");
            SourceInfo info = new SourceInfo("logs", "logs", "");
            Offsets offsets = new Offsets(position == null ? FilesPosition.NO_PAGES : position.pages());
            outlet = new Outlet(info, table, feed, offsets, 1, () -> 0);
            reader = new FileReader(config, open, outlet);
            FollowedFiles there = new FollowedFiles();
            recognition = new Recognition(config, table, position, outlet, there);
            files = new WatchedFiles(config, there, recognition, this::identify, changed::add);
        }

        private void identify(FollowedFile file) {
            try {
                Path away = directory.resolve("away.not");
                if (hidden != null) {
                    Files.move(hidden, away);
                }
                reader.identify(file, recognition);
                if (hidden != null) {
                    Files.move(away, hidden);
                }
                identified++;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        FileReader.Outcome read(FollowedFile file) throws IOException {
            return reader.read(file, FileReader.Flush.NOTHING, recognition);
        }
    }

    private FollowedFile awaitChanged(WatchedFiles files) {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (changed.isEmpty() && System.nanoTime() < deadline) {
            files.await(Duration.ofMillis(50));
            files.update();
        }
        assertThat(changed).isNotEmpty();
        return changed.getLast();
    }
}
