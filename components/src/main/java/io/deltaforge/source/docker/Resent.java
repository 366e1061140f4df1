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
        /** True once the lines from the cursor's time on have begun. */
        private boolean begun;

        private int left;

        Stream(@Nullable Cursor cursor, long sinceNanos) {
            this.cursor = cursor;
            // what was read long before is not sent: all that is sent is new
            this.begun = cursor != null && cursor.nanos() < sinceNanos;
            this.left = cursor == null || begun ? 0 : cursor.count();
        }

        boolean hasNext(long nanos) {
            if (cursor == null) {
                return false;
            }
            if (nanos > cursor.nanos()) {
                left = 0;
            }
            begun |= nanos >= cursor.nanos();
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
        return (line.fromStderr() ? err : out).hasNext(line.nanos());
    }
}
