package io.deltaforge.source.logs;

import io.deltaforge.spi.Setting;
import java.time.Duration;
import java.util.List;

/** The settings of {@code type: logs}. */
public record LogsSourceConfig(
        @Setting(doc = "Name of the source in events, metrics and logs.")
        String id,

        @Setting(
                doc =
                        "Which files to read: patterns with * and ? within a name, ** for any number of directories, {a,b} and"
                                + " [abc]. A file that is rotated by renaming is read to its end when its new name matches too.")
        List<String> include,

        @Setting(doc = "Which of them not to read; patterns like those of include.", value = "[]")
        List<String> exclude,

        @Setting(
                doc =
                        "Where to begin in files that exist when the pipeline starts for the first time: beginning or end."
                                + " Files that come later are read from their beginning.",
                value = "beginning")
        ReadFrom readFrom,

        @Setting(
                doc = "Most bytes of a line. Of a longer one the beginning is delivered, marked as truncated.",
                value = "1048576")
        int maxLineBytes,

        @Setting(
                doc =
                        "How long a last line without its end waits for more before it is delivered as it is. What is then"
                                + " added to it is an entry of its own.",
                value = "5s")
        Duration partialLineTimeout,

        @Setting(
                doc = "How often directories and files are looked at for changes that the operating system did not"
                        + " announce, as on network file systems.",
                value = "10s")
        Duration scanInterval,

        @Setting(
                doc = "Most files held open at once; those that were not written to for longest are closed first.",
                value = "512")
        int maxOpenFiles) {

    /** Where to begin in a file that was there before. */
    public enum ReadFrom {
        BEGINNING,
        END
    }

    public LogsSourceConfig {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        require(!id.isBlank(), "id must not be empty");
        require(!include.isEmpty(), "include must name the files to read, e.g. include: [/var/log/app/*.log]");
        Globs.parse("include", include);
        Globs.parse("exclude", exclude);
        require(
                maxLineBytes >= 64 && maxLineBytes <= 64 * 1024 * 1024,
                "max_line_bytes must be between 64 and 67108864 (64 MiB)");
        require(!partialLineTimeout.isZero(), "partial_line_timeout must be at least 1ms");
        require(
                scanInterval.compareTo(Duration.ofMillis(100)) >= 0 && scanInterval.compareTo(Duration.ofHours(1)) <= 0,
                "scan_interval must be between 100ms and 1h");
        require(maxOpenFiles >= 1 && maxOpenFiles <= 100_000, "max_open_files must be between 1 and 100000");
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
