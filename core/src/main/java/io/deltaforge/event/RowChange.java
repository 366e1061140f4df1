package io.deltaforge.event;

import org.jspecify.annotations.Nullable;

/**
 * A change of one row, or the truncation of a table.
 *
 * @param before the row before the change: what the replica identity makes the source log of it, {@code null} when
 *     that is nothing
 * @param after the row after the change; {@code null} for {@link Op#DELETE} and {@link Op#TRUNCATE}
 */
public record RowChange(
        Op op, Table table, @Nullable Row before, @Nullable Row after, Transaction transaction, long lsn, int ordinal)
        implements Event {

    private static final int OVERHEAD_BYTES = 64;

    /** The newest state known: {@code after}, or {@code before} for a delete; {@code null} for a truncate. */
    public @Nullable Row row() {
        return after != null ? after : before;
    }

    @Override
    public int sizeBytes() {
        return OVERHEAD_BYTES + sizeOf(before) + sizeOf(after);
    }

    private static int sizeOf(@Nullable Row row) {
        return row == null ? 0 : row.sizeBytes();
    }
}
