package io.deltaforge.source.logs;

import io.deltaforge.spi.Setting;
import java.time.Duration;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** The settings of {@code type: logs}. */
public record LogsSourceConfig(
        @Setting(doc = "Name of the source in events, metrics and logs.")
        String id,

        @Setting(
                doc =
                        "Which files to read: patterns with * and ? within a name, ** for any number of directories, {a,b} and"
                                + " [abc]. A file that is renamed is followed when its new name matches too; otherwise it is"
                                + " read until nothing was added to it for partial_line_timeout (10 s at most).")
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
                doc =
                        "How lines are wrapped: plain (not at all), docker (Docker's json-file), cri (Kubernetes' container"
                                + " runtimes), or auto (each line is looked at). What is not of the form expected is delivered as it"
                                + " is.",
                value = "plain")
        Format format,

        @Setting(
                doc = "How the files write characters: utf8, utf16 (a byte order mark tells which; without one little"
                        + " endian) or latin1. Entries are UTF-8; bytes of a utf8 file that are none are kept.",
                value = "utf8")
        Encoding encoding,

        @Setting(doc = "Several lines to an entry, such as stack traces.") @Nullable
        Multiline multiline,

        @Setting(
                doc = "Most bytes of a line. Of a longer one the beginning is delivered, marked as truncated.",
                value = "1048576")
        int maxLineBytes,

        @Setting(
                doc =
                        "How long a last line without its end waits for more before it is delivered as it is. What is then"
                                + " added to it is an entry of its own. A file that was deleted, or renamed"
                                + " to what does not match, is read until nothing was added to it for this long (10 s at"
                                + " most).",
                value = "5s")
        Duration partialLineTimeout,

        @Setting(
                doc = "How often directories and files are looked at for changes that the operating system did not"
                        + " announce, as on network file systems. Where looking takes more than 1/400 of the"
                        + " time, it is done less often, up to six times.",
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

    /** How lines are wrapped. */
    public enum Format {
        PLAIN,
        DOCKER,
        CRI,
        AUTO
    }

    /** How files write characters. */
    public enum Encoding {
        UTF8,
        UTF16,
        LATIN1
    }

    /** Which lines belong together. */
    public record Multiline(
            @Setting(doc = "A regular expression found in the first line of every entry, e.g. '^[0-9]{4}-'.") @Nullable
            String start,

            @Setting(doc = "A regular expression found in every other line of an entry, e.g. '^(\\s|Caused by)'.")
            @Nullable
            String continuation,

            @Setting(doc = "How long the last entry of a file waits for more lines.", value = "1s")
            Duration timeout) {

        public Multiline {
            require(
                    (start == null) != (continuation == null),
                    "multiline needs either start or continuation, e.g. start: '^[0-9]{4}-'");
            pattern("start", start);
            pattern("continuation", continuation);
            require(!timeout.isZero(), "multiline.timeout must be at least 1ms");
        }

        private static void pattern(String setting, @Nullable String pattern) {
            try {
                if (pattern != null) {
                    ByteText.compile(pattern);
                }
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException(
                        "multiline." + setting + ": " + e.getDescription() + " at character " + (e.getIndex() + 1)
                                + " of " + pattern,
                        e);
            }
        }
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

    /** True when an entry is a line as it stands in the file. */
    boolean isPlain() {
        return format == Format.PLAIN && encoding == Encoding.UTF8 && multiline == null;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
