package io.deltaforge.source.logs;

import io.deltaforge.event.LogStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is known of a file that is read. Confined to the source thread. */
final class FollowedFile {
    /** The file system's own identity of it: device and inode. */
    final Object key;

    /** Where it was seen last. */
    Path path;

    /** Where it really is, when its path is a symbolic link. */
    @Nullable
    Path target;

    /** {@code null} until it has a first byte. */
    FileTable.@Nullable Slot slot;

    /** By the program's outputs, see {@link LineForm}. */
    final @Nullable LogStream[] streams = new @Nullable LogStream[3];

    /** Where its lines end. */
    LineEnds ends = LineEnds.BYTES;

    /** Everything before it was handed on. */
    long offset;

    /** Where the search for the end of a line that is too long goes on; 0 when there is none. */
    long searched;

    /** True when what lies before the offset is no whole line. */
    boolean midLine;

    /** How large it was when it was looked at last. */
    long size;

    /** Its size on disk when it was looked at last; another when it is compressed. */
    long diskBytes = -1;

    /** How many bytes it was last seen to have, whatever came of reading them; of a compressed file without a meaning. */
    private long seenBytes;

    /** How many of those that were not read were cut off since. */
    private long cutBytes;

    @Nullable
    FileTime modified;

    /** When it was seen to grow, by the nanosecond clock. */
    long grownNanos;

    /** How much is to be read of it at once, in bytes. */
    int chunkBytes;

    @Nullable
    Content content;

    /** True while it waits to be read. */
    boolean queued;

    /** True when it is not found any more: to be read to its end, if it is still open. */
    boolean gone;

    /** True when it is gone, and whoever wrote to it has stopped: what there is of it is all. */
    boolean over;

    /** Since when it is gone, by the nanosecond clock. */
    private long goneNanos;

    /** True when what it begins with is to be looked at, even if it has not grown. */
    boolean suspect;

    /** The last scan that saw it. */
    long seenIn;

    FollowedFile(Object key, Path path) {
        this.key = key;
        this.path = path;
    }

    /**
     * True when it is what stands at its path.
     *
     * @throws IOException nobody can tell; {@link java.nio.file.NoSuchFileException} when nothing stands there
     */
    boolean isInPlace() throws IOException {
        return key.equals(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    }

    /** The same; false when nobody can tell. */
    boolean isSurelyInPlace() {
        try {
            return isInPlace();
        } catch (IOException e) {
            return false;
        }
    }

    boolean isGzip() {
        return path.toString().endsWith(".gz");
    }

    void leave(long nowNanos) {
        gone = true;
        goneNanos = nowNanos;
    }

    /** It is found again. */
    void comeBack() {
        gone = false;
        over = false;
    }

    /** How long it has been gone without a change. */
    long quietNanos(long nowNanos) {
        return nowNanos - Math.max(goneNanos, grownNanos);
    }

    /** What is read from now on is of this program's output; see {@link LineForm}. */
    LogStream stream(int output) {
        LogStream known = streams[output];
        if (known == null) {
            known = newStream(output);
            streams[output] = known;
        }
        return known;
    }

    private LogStream newStream(int output) {
        FileTable.Slot from = Objects.requireNonNull(slot);
        Map<String, String> labels = ContainerPath.labels(path);
        String id = from.identity().text();
        if (output != LineForm.NONE) {
            String name = output == LineForm.STDOUT ? "stdout" : "stderr";
            labels.put("stream", name);
            id += '.' + name;
        }
        return new LogStream(id, path.toString(), labels, offset -> new FilePosition(from, offset));
    }

    /** What was there is no more, and other content is to be read from its beginning. */
    void beginAnew() {
        slot = null;
        Arrays.fill(streams, null);
        offset = 0;
        size = 0;
        diskBytes = -1;
        seenBytes = 0;
        cutBytes = 0;
        searched = 0;
        midLine = false;
    }

    /** What was to be read of it could not be: however it looks the next time, it is to be tried again. */
    void readInVain() {
        diskBytes = -1;
    }

    boolean wasReadInVain() {
        return diskBytes < 0;
    }

    /** Grows as well while nothing is read; of a compressed file only what was seen in it counts. */
    long unreadBytes() {
        long known = isGzip() ? size : Math.max(size, diskBytes);
        return Math.max(0, known - offset);
    }

    /** How large it is, unpacked, as far as is known. */
    void hasSize(long bytes) {
        size = bytes;
        hasOnDisk(bytes);
    }

    void hasOnDisk(long bytes) {
        if (bytes < seenBytes) {
            cutBytes += Math.max(0, seenBytes - offset);
        }
        seenBytes = bytes;
    }

    /** What was cut off before it could be read, as far as was seen. */
    long cutBytes() {
        return isGzip() ? 0 : cutBytes;
    }

    /** What cannot be read any more once it is neither there nor open, or was cut off. */
    long lostBytes() {
        return isGzip() ? 0 : cutBytes + Math.max(0, seenBytes - offset);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
