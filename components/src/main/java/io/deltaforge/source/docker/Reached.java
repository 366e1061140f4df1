package io.deltaforge.source.docker;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far a container's log was read: standard output and standard error each for itself, because each is in the order of
 * its timestamps, unless the host's clock is set back, and both together are not, by milliseconds.
 *
 * @param out {@code null} without a line, so {@code err}
 */
record Reached(@Nullable Cursor out, @Nullable Cursor err) {
    static final int LATE_SECONDS = 10;

    /** By how much a line may at most be older than one of the other stream before it. */
    static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(LATE_SECONDS);

    /** Of a container, in a position's cursors. */
    static Reached in(Map<String, Cursor> cursors, String container) {
        return new Reached(
                cursors.get(DockerPosition.log(container, false)), cursors.get(DockerPosition.log(container, true)));
    }

    /** Puts it there. */
    void into(Map<String, Cursor> cursors, String container) {
        if (out != null) {
            cursors.put(DockerPosition.log(container, false), out);
        }
        if (err != null) {
            cursors.put(DockerPosition.log(container, true), err);
        }
    }

    @Nullable
    Cursor of(boolean stderr) {
        return stderr ? err : out;
    }

    /** Of its stream, after one more line. */
    Cursor behind(LogLine line) {
        Cursor before = of(line.fromStderr());
        return before == null ? new Cursor(line.nanos(), 1) : before.after(line.nanos());
    }

    Reached with(boolean stderr, Cursor cursor) {
        return stderr ? new Reached(out, cursor) : new Reached(cursor, err);
    }

    /** True without a line of either stream. */
    boolean isUnread() {
        return (out == null || out.count() == 0) && (err == null || err.count() == 0);
    }

    /** True when the last line of this stream has this time. */
    boolean isAt(long nanos, boolean stderr) {
        Cursor cursor = of(stderr);
        return cursor != null && cursor.nanos() == nanos;
    }

    /** The latest time of all lines; 0 without one. */
    long nanos() {
        return Math.max(out == null ? 0 : out.nanos(), err == null ? 0 : err.nanos());
    }

    /** What is older was read. */
    long sinceNanos() {
        long earlier = Math.min(out == null ? 0 : out.nanos(), err == null ? 0 : err.nanos());
        return Math.max(earlier, nanos() - LATE_NANOS);
    }
}
