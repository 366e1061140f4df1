package io.deltaforge.source.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.SourceInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens between the moment a file is seen and the moment it is opened. */
class WatchedFilesTest {
    @TempDir
    Path directory;

    private final LogFeed feed = new LogFeed(null);
    private final List<FollowedFile> changed = new ArrayList<>();

    @Test
    void aFileRenamedBeforeItIsOpenedIsReadUnderItsNextName() throws Exception {
        LogsSourceConfig config = Settings.of(directory, "*.log*");
        FileTable table = new FileTable();
        Outlet outlet = new Outlet(
                new SourceInfo("logs", "logs", ""), table, feed, new Offsets(FilesPosition.NO_PAGES), 1, () -> 0);
        OpenFiles open = new OpenFiles(1);
        FileReader reader = new FileReader(config, open, outlet);
        Path log = directory.resolve("a.log");
        try (WatchedFiles files = new WatchedFiles(config, table, null, outlet, changed::add)) {
            files.begin(file -> {});
            Files.writeString(log, "one\n");
            FollowedFile file = awaitChanged(files);
            Files.move(log, directory.resolve("a.log.1"));

            assertThat(reader.read(file, FileReader.Flush.NOTHING, files)).isEqualTo(FileReader.Outcome.ABSENT);

            changed.clear();
            assertThat(awaitChanged(files)).isSameAs(file);
            reader.read(file, FileReader.Flush.NOTHING, files);
            assertThat(feed.lines()).containsExactly("one");
        } finally {
            open.closeAll();
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
