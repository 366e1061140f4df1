package io.deltaforge.sink.file;

import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.Setting;
import io.deltaforge.spi.Template;
import java.time.Duration;
import java.util.regex.Pattern;

/** Settings of {@code type: file}. */
public record FileSinkConfig(
        @Setting(doc = "Name of the sink in metrics, logs and checkpoints; unique in the pipeline.")
        String id,

        @Setting(
                doc =
                        "Where the files are written. The directory must exist, so that nothing is written beside a volume"
                                + " that is not mounted, and no other sink may write there.")
        String directory,

        @Setting(
                doc =
                        "What each event's file is called, below the directory and before `-<time>.jsonl`; a template, e.g."
                                + " `${source.schema}/${source.table}`. Characters of a value that have no place in a file name"
                                + " are written as `%` and two hexadecimal digits, so no value leads out of the directory.",
                value = "${source.id}")
        Template name,

        @Setting(doc = "Structure of each line.", value = "native")
        Envelope envelope,

        @Setting(doc = "Text of each line; it must be JSON.", value = "json")
        Encoding encoding,

        @Setting(doc = "Whether the source must keep what this sink does not hold yet.", value = "true")
        boolean required,

        @Setting(
                doc =
                        "How files are compressed: none (`.jsonl`), gzip (`.jsonl.gz`) or zstd (`.jsonl.zst`). Each sync ends"
                                + " a member or frame, so that all that is acknowledged can be read at any time.",
                value = "none")
        Compression compression,

        @Setting(doc = "When a file is finished and the next one begun: whatever comes first.", value = "{}")
        Roll roll,

        @Setting(
                doc =
                        "Most files open at once. When a template wants more, the file that has waited longest is finished.",
                value = "64")
        int maxOpenFiles) {

    private static final Pattern PLACE = Pattern.compile("\\$\\{[^}]*}");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._=+@-]+(/[A-Za-z0-9._=+@-]+)*");
    private static final Pattern DOTS = Pattern.compile("(.*/)?\\.{1,2}(/.*)?");

    /** How what is written is compressed. */
    public enum Compression {
        NONE,
        GZIP,
        ZSTD
    }

    /** When a file is finished. */
    public record Roll(
            @Setting(doc = "Size on disk from which a file is finished, in bytes.", value = "134217728")
            long maxBytes,

            @Setting(doc = "How long after its first event a file is finished.", value = "1h")
            Duration maxAge) {

        public Roll {
            require(maxBytes >= 1, "max_bytes must be at least 1");
            require(maxAge.compareTo(Duration.ofSeconds(1)) >= 0, "max_age must be at least 1s");
            require(maxAge.compareTo(Duration.ofDays(36_500)) <= 0, "max_age must be at most 36500d");
        }
    }

    public FileSinkConfig {
        require(!directory.isBlank(), "directory must name a directory");
        require(maxOpenFiles >= 1 && maxOpenFiles <= 10_000, "max_open_files must be between 1 and 10000");
        String path = PLACE.matcher(name.toString()).replaceAll("x");
        require(
                PATH.matcher(path).matches() && !DOTS.matcher(path).matches(),
                "name must be a path below the directory, of letters, digits and . _ = + @ - between slashes, e.g."
                        + " ${source.schema}/${source.table}, but is \"" + name + "\"");
        String contentType = encoding.encoder(envelope).contentType();
        require(contentType.endsWith("json"), "encoding must be JSON: a line cannot hold " + contentType);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
