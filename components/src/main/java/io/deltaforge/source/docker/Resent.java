package io.deltaforge.source.docker;

import org.jspecify.annotations.Nullable;

/**
 * Tells which lines were read before. The engine begins with the first line of the time asked for, and goes on in the order
 * of writing; engines before version 22 leave out what is older than that everywhere. Confined to one thread.
 */
final class Resent {
    private final Stream out;
    private final Stream err;

    private static final class Stream {
        private final @Nullable Cursor cursor;
        /** True when what was read last is too old to be sent. */
        private final boolean old;
        /** True once the lines from the cursor's time on have begun. */
        private boolean begun;

        private int left;

        Stream(@Nullable Cursor cursor, long sinceNanos) {
            this.cursor = cursor;
            this.old = cursor != null && cursor.nanos() < sinceNanos;
            this.begun = old;
            this.left = cursor == null || old ? 0 : cursor.count();
        }

        boolean hasNext(long nanos, Stream other) {
            if (cursor == null) {
                return false;
            }
            if (old && nanos == cursor.nanos()) {
                return true; // the end of the last line, whose pieces all have the time of the first
            }
            if (nanos > cursor.nanos()) {
                left = 0;
            }
            begun |= nanos >= cursor.nanos() || (cursor.count() == 0 && other.begun);
            return !begun || left-- > 0;
        }
    }

    /** @param sinceNanos the time asked for, 0 for the whole log */
    Resent(Reached from, long sinceNanos) {
        this.out = new Stream(from.out(), sinceNanos);
        this.err = new Stream(from.err(), sinceNanos);
    }

    /** To be asked for each line once. */
    boolean has(LogLine line) {
        return line.fromStderr() ? err.hasNext(line.nanos(), out) : out.hasNext(line.nanos(), err);
    }
}
