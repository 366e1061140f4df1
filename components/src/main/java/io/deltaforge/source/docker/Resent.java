package io.deltaforge.source.docker;

import org.jspecify.annotations.Nullable;

/** Tells which lines were read before: the engine begins with those of the time asked for. Confined to one thread. */
final class Resent {
    private final Reached from;
    private int out;
    private int err;

    Resent(Reached from) {
        this.from = from;
        this.out = count(from.out());
        this.err = count(from.err());
    }

    private static int count(@Nullable Cursor cursor) {
        return cursor == null ? 0 : cursor.count();
    }

    /** To be asked for each line once. */
    boolean has(LogLine line) {
        Cursor cursor = from.of(line.fromStderr());
        if (cursor == null || line.nanos() != cursor.nanos()) {
            return line.nanos() < (cursor == null ? from.sinceNanos() : cursor.nanos());
        }
        return line.fromStderr() ? err-- > 0 : out-- > 0;
    }
}
