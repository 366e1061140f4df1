package io.deltaforge.source.logs;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.log.Rfc3339;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Hands entries on and says how far every file was read. Confined to the source thread. */
final class Outlet {
    /** Few enough that a batch can end near its size, so many that positions cost nothing beside the entries. */
    private static final int ENTRIES_PER_COMMIT = 100;

    private final SourceInfo info;
    private final FileTable table;
    private final Feed feed;
    private final Offsets offsets;
    private final long reading;
    private final LongSupplier microClock;
    private long number;
    private int uncommitted;
    private boolean moved;
    private @Nullable Transaction transaction;
    private @Nullable FollowedFile file;
    private int ordinal;
    private long nowMicros;

    /** @param reading tells this one from every other of the same source; not 0 */
    Outlet(SourceInfo info, FileTable table, Feed feed, Offsets offsets, long reading, LongSupplier microClock) {
        this.info = info;
        this.table = table;
        this.feed = feed;
        this.offsets = offsets;
        this.reading = reading;
        this.microClock = microClock;
    }

    /** The next entries are of this file, and none reaches beyond {@code end}. */
    void begin(FollowedFile next, long end) {
        file = next;
        ordinal = 0;
        nowMicros = microClock.getAsLong();
        transaction =
                new Transaction(info, 0, nowMicros, 0, 0, new FilePosition(Objects.requireNonNull(next.slot), end));
    }

    /** A line as it stands in the file, of the time at which it was read. */
    void line(byte[] data, int start, int end, long offset, long next, boolean truncated) {
        entry(LineForm.NONE, data, start, end, offset, next, Rfc3339.NONE, truncated, true);
    }

    /**
     * Hands an entry on; see {@link LogEntry}.
     *
     * @param output of the program, see {@link LineForm}
     * @param timeMicros {@link Rfc3339#NONE} when nothing tells
     * @param mayCommit false when {@code next} does not cover what was handed on so far
     */
    void entry(
            int output,
            byte[] data,
            int start,
            int end,
            long offset,
            long next,
            long timeMicros,
            boolean truncated,
            boolean mayCommit) {
        FollowedFile from = Objects.requireNonNull(file);
        feed.event(new LogEntry(
                Objects.requireNonNull(transaction),
                from.stream(output),
                data,
                start,
                end,
                offset,
                next,
                ordinal++,
                timeMicros == Rfc3339.NONE ? nowMicros : timeMicros,
                null,
                Map.of(),
                truncated));
        if (++uncommitted >= ENTRIES_PER_COMMIT && mayCommit) {
            reached(from, next);
            commit();
        }
    }

    /** How far a file was read. */
    long offset(FileTable.Slot slot) {
        return offsets.get(slot.index());
    }

    /** Everything of the file before the offset was handed on. */
    void reached(FollowedFile at, long offset) {
        at.offset = offset;
        offsets.set(Objects.requireNonNull(at.slot).index(), offset);
        moved = true;
    }

    /** The file is no more, and everything to be had of it is durable. */
    void forget(FileTable.Slot slot, long offset) {
        offsets.clear(slot.index());
        table.retire(slot, offset);
        moved = true;
    }

    /** Where reading begins, if nobody knows it yet. */
    void begin() {
        moved = true;
        commit();
    }

    /** What was handed on may be checkpointed. */
    void commit() {
        if (moved) {
            moved = false;
            uncommitted = 0;
            feed.commit(new FilesPosition(table, offsets.snapshot(), reading, ++number));
        }
    }
}
