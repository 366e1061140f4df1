package io.deltaforge.sink.file;

import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that a process left open when it ended at once. What it acknowledged was synced in whole frames, so whatever is not
 * whole was acknowledged to nobody: it is cut off, and the file is finished.
 */
final class LeftOvers {
    /** Ends the names of files that are being written. */
    static final String OPEN = ".open";

    private static final Logger LOG = LoggerFactory.getLogger(LeftOvers.class);
    private static final Pattern OURS = Pattern.compile("(.+-\\d{8}T\\d{9}Z\\.jsonl(\\.gz|\\.zst)?)\\.open");

    private LeftOvers() {}

    static void finish(Disk disk, String sink) throws IOException {
        for (String name : disk.namesEnding(OPEN)) {
            Matcher ours = OURS.matcher(name);
            if (ours.matches()) {
                finish(disk, name, ours.group(1), framing(ours.group(2)), sink);
            }
        }
    }

    private static Framing framing(@org.jspecify.annotations.Nullable String compression) {
        if (compression == null) {
            return new PlainFraming();
        }
        return compression.equals(".gz") ? new GzipFraming() : new ZstdFraming();
    }

    private static void finish(Disk disk, String name, String finishedName, Framing framing, String sink)
            throws IOException {
        long torn;
        long intact;
        try (DurableFile file = disk.open(name)) {
            intact = framing.intactLength(file);
            torn = file.length() - intact;
            if (torn > 0) {
                file.truncate(intact);
            }
            file.force();
        }
        if (intact == 0) {
            disk.delete(name);
        } else {
            disk.rename(name, finishedName);
        }
        LOG.info(
                "sink {}: finished {}, which was left open; {} bytes of an unfinished write were cut off",
                sink,
                finishedName,
                torn);
    }
}
