package io.deltaforge.envelope.nativejson;

import io.deltaforge.event.Column;
import io.deltaforge.event.Event;
import io.deltaforge.event.Message;
import io.deltaforge.event.PerTable;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.EventId;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.value.PlainForm;
import io.deltaforge.spi.value.ValueWriter;
import org.jspecify.annotations.Nullable;

/** Confined to one thread. */
final class NativeWriter implements Envelope.Writer {
    private static final FieldName ID = new FieldName("id");
    private static final FieldName OP = new FieldName("op");
    private static final FieldName TS_US = new FieldName("ts_us");
    private static final FieldName BEFORE = new FieldName("before");
    private static final FieldName AFTER = new FieldName("after");
    private static final FieldName UNAVAILABLE = new FieldName("unavailable");
    private static final FieldName MESSAGE = new FieldName("message");
    private static final FieldName PREFIX = new FieldName("prefix");
    private static final FieldName TRANSACTIONAL = new FieldName("transactional");
    private static final FieldName CONTENT = new FieldName("content");
    private static final FieldName SOURCE = new FieldName("source");
    private static final FieldName CONNECTOR = new FieldName("connector");
    private static final FieldName DB = new FieldName("db");
    private static final FieldName SCHEMA = new FieldName("schema");
    private static final FieldName TABLE = new FieldName("table");
    private static final FieldName TX_ID = new FieldName("tx_id");
    private static final FieldName LSN = new FieldName("lsn");
    private static final String MESSAGE_OP = "m";

    private final EventId eventId = new EventId();
    private final PerTable<Plan> plans = new PerTable<>(Plan::new);

    @Override
    public void writeValue(Event event, DocumentWriter out) {
        out.beginObject();
        out.name(ID);
        eventId.write(event, out);
        switch (event) {
            case RowChange change -> writeChange(change, out);
            case Message message -> writeMessage(message, out);
        }
        out.endObject();
    }

    @Override
    public void writeKey(RowChange change, DocumentWriter out) {
        Row row = change.row();
        if (row == null) {
            throw new IllegalArgumentException("a truncate has no key");
        }
        Table table = change.table();
        Plan plan = plans.of(table);
        out.beginObject();
        for (int i = 0; i < table.keyColumnCount(); i++) {
            plan.writeColumn(row, table.keyColumn(i), out);
        }
        out.endObject();
    }

    private void writeChange(RowChange change, DocumentWriter out) {
        Plan plan = plans.of(change.table());
        writeHead(change.op().code(), change.transaction(), out);
        out.name(BEFORE);
        plan.writeRow(change.before(), out);
        out.name(AFTER);
        Row after = change.after();
        plan.writeRow(after, out);
        if (after != null && plan.lacksColumns(after)) {
            out.name(UNAVAILABLE);
            plan.writeUnavailable(after, out);
        }
        writeSource(change.transaction(), change.lsn(), change.table(), out);
    }

    private static void writeMessage(Message message, DocumentWriter out) {
        writeHead(MESSAGE_OP, message.transaction(), out);
        out.name(MESSAGE);
        out.beginObject();
        out.name(PREFIX);
        out.text(message.prefix());
        out.name(TRANSACTIONAL);
        out.bool(message.transactional());
        out.name(CONTENT);
        out.bytes(message.content(), 0, message.content().length);
        out.endObject();
        writeSource(message.transaction(), message.lsn(), null, out);
    }

    private static void writeHead(String op, Transaction transaction, DocumentWriter out) {
        out.name(OP);
        out.text(op);
        out.name(TS_US);
        out.number(transaction.commitMicros());
    }

    private static void writeSource(Transaction transaction, long lsn, @Nullable Table table, DocumentWriter out) {
        SourceInfo source = transaction.source();
        out.name(SOURCE);
        out.beginObject();
        out.name(CONNECTOR);
        out.text(source.connector());
        out.name(ID);
        out.text(source.id());
        out.name(DB);
        out.text(source.database());
        if (table != null) {
            out.name(SCHEMA);
            out.text(table.schema());
            out.name(TABLE);
            out.text(table.name());
        }
        out.name(TX_ID);
        out.number(transaction.id());
        out.name(LSN);
        out.number(lsn);
        out.endObject();
    }

    /** How the rows of one table version are written. */
    private static final class Plan {
        private final FieldName[] names;
        private final ValueWriter[] values;

        Plan(Table table) {
            int count = table.columns().size();
            names = new FieldName[count];
            values = new ValueWriter[count];
            for (int i = 0; i < count; i++) {
                Column column = table.columns().get(i);
                names[i] = new FieldName(column.name());
                values[i] = PlainForm.of(column.type());
            }
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

        void writeColumn(Row row, int i, DocumentWriter out) {
            int start = row.start(i);
            if (start >= 0) {
                out.name(names[i]);
                values[i].write(row.data(), start, row.end(i), out);
            } else if (start == Row.NULL) {
                out.name(names[i]);
                out.nul();
            }
        }

        boolean lacksColumns(Row row) {
            for (int i = 0; i < names.length; i++) {
                if (row.start(i) == Row.UNAVAILABLE) {
                    return true;
                }
            }
            return false;
        }

        void writeUnavailable(Row row, DocumentWriter out) {
            out.beginArray();
            for (int i = 0; i < names.length; i++) {
                if (row.start(i) == Row.UNAVAILABLE) {
                    out.text(names[i].name());
                }
            }
            out.endArray();
        }
    }
}
