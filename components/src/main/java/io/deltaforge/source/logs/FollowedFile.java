package io.deltaforge.source.logs;

import io.deltaforge.event.LogStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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

    @Nullable
    LogStream stream;

    /** Everything before it was handed on. */
    long offset;

    /** Where the search for the end of a line that is too long goes on; 0 when there is none. */
    long searched;

    /** True when what lies before the offset is no whole line. */
    boolean midLine;

    /** How large it was when it was looked at last. */
    long size;

    @Nullable
    FileTime modified;

    /** When it was seen to grow, by the nanosecond clock. */
    long grownNanos;

    /** How much is to be read of it at once, in bytes. */
    int chunkBytes;

    @Nullable
    FileChannel channel;

    /** True while it waits to be read. */
    boolean queued;

    /** True when it is not found any more: to be read to its end, if it is still open. */
    boolean gone;

    /** True when what it begins with is to be looked at, even if it has not grown. */
    boolean suspect;

    /** The last scan that saw it. */
    long seenIn;

    FollowedFile(Object key, Path path) {
        this.key = key;
        this.path = path;
    }

    long unreadBytes() {
        return Math.max(0, size - offset);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
