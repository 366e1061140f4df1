package io.deltaforge.envelope.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.DataType;
import io.deltaforge.event.Row;
import io.deltaforge.event.Table;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/** How the rows of one table version are written. Confined to one thread. */
final class RowPlan {
    private final Table table;
    private final byte[] schemaName;
    private final byte[] tableName;
    private final FieldName[] names;
    private final ValueWriter[] values;
    private final UnavailableValue[] unavailable;

    RowPlan(Table table, DecimalHandling decimal) {
        this.table = table;
        this.schemaName = table.schema().getBytes(UTF_8);
        this.tableName = table.name().getBytes(UTF_8);
        int count = table.columns().size();
        names = new FieldName[count];
        values = new ValueWriter[count];
        unavailable = new UnavailableValue[count];
        for (int i = 0; i < count; i++) {
            DataType type = table.columns().get(i).type();
            names[i] = new FieldName(table.columns().get(i).name());
            values[i] = DebeziumForm.of(type, decimal);
            unavailable[i] = UnavailableValue.of(type);
        }
    }

    /** Not to be changed. */
    byte[] schemaName() {
        return schemaName;
    }

    /** Not to be changed. */
    byte[] tableName() {
        return tableName;
    }

    void writeRow(@Nullable Row row, DocumentWriter out) {
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

    void writeKey(Row row, DocumentWriter out) {
        out.beginObject();
        for (int i = 0; i < table.keyColumnCount(); i++) {
            writeColumn(row, table.keyColumn(i), out);
        }
        out.endObject();
    }

    private void writeColumn(Row row, int i, DocumentWriter out) {
        out.name(names[i]);
        int start = row.start(i);
        if (start >= 0) {
            values[i].write(row.data(), start, row.end(i), out);
        } else if (start == Row.UNAVAILABLE) {
            unavailable[i].write(out);
        } else {
            out.nul(); // NULL, and as in Debezium what the replica identity leaves out
        }
    }
}
