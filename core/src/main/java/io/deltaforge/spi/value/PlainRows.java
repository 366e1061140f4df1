package io.deltaforge.spi.value;

import io.deltaforge.event.Column;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows of one table version with values in their plain form. What the source did not log is left out: a reader
 * must never take it for NULL. Confined to one thread.
 */
public final class PlainRows {
    private static final FieldName BEFORE = new FieldName("before");
    private static final FieldName AFTER = new FieldName("after");
    private static final FieldName UNAVAILABLE = new FieldName("unavailable");

    private final Table table;
    private final FieldName[] names;
    private final ValueWriter[] values;

    public PlainRows(Table table) {
        this.table = table;
        int count = table.columns().size();
        names = new FieldName[count];
        values = new ValueWriter[count];
        for (int i = 0; i < count; i++) {
            Column column = table.columns().get(i);
            names[i] = new FieldName(column.name());
            values[i] = PlainForm.of(column.type());
        }
    }

    /** Writes the row as an object; null when there is none. */
    public void write(@Nullable Row row, DocumentWriter out) {
        if (row == null) {
            out.nul();
            return;
        }
        out.beginObject();
        for (int i = 0; i < names.length; i++) {
            writeColumn(row, i, out);
        }
        out.endObject();
    }

    /** Writes the fields {@code before}, {@code after} and, where columns are unavailable, {@code unavailable}. */
    public void writeChange(RowChange change, DocumentWriter out) {
        out.name(BEFORE);
        write(change.before(), out);
        out.name(AFTER);
        Row after = change.after();
        write(after, out);
        if (after != null && lacksColumns(after)) {
            out.name(UNAVAILABLE);
            writeUnavailable(after, out);
        }
    }

    /** Writes the columns of the primary key as an object; {@link IllegalArgumentException} for a truncate. */
    public void writeKey(RowChange change, DocumentWriter out) {
        Row row = change.row();
        if (row == null) {
            throw new IllegalArgumentException("a truncate has no key");
        }
        out.beginObject();
        for (int i = 0; i < table.keyColumnCount(); i++) {
            writeColumn(row, table.keyColumn(i), out);
        }
        out.endObject();
    }

    /** Whether columns of the row are unavailable: they have a value and the source did not log it. */
    public boolean lacksColumns(Row row) {
        for (int i = 0; i < names.length; i++) {
            if (row.start(i) == Row.UNAVAILABLE) {
                return true;
            }
        }
        return false;
    }

    /** Writes the names of the unavailable columns as an array. */
    public void writeUnavailable(Row row, DocumentWriter out) {
        out.beginArray();
        for (int i = 0; i < names.length; i++) {
            if (row.start(i) == Row.UNAVAILABLE) {
                out.text(names[i].name());
            }
        }
        out.endArray();
    }

    private void writeColumn(Row row, int i, DocumentWriter out) {
        int start = row.start(i);
        if (start >= 0) {
            out.name(names[i]);
            values[i].write(row.data(), start, row.end(i), out);
        } else if (start == Row.NULL) {
            out.name(names[i]);
            out.nul();
        }
    }
}
