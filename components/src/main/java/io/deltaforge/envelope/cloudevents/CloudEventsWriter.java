package io.deltaforge.envelope.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Event;
import io.deltaforge.event.Message;
import io.deltaforge.event.PerTable;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.value.PlainRows;
import org.jspecify.annotations.Nullable;

/** Confined to one thread. */
final class CloudEventsWriter implements Envelope.Writer {
    private static final FieldName DATA = new FieldName("data");
    private static final FieldName BEFORE = new FieldName("before");
    private static final FieldName AFTER = new FieldName("after");
    private static final FieldName UNAVAILABLE = new FieldName("unavailable");
    private static final FieldName OP = new FieldName("op");
    private static final FieldName MESSAGE = new FieldName("message");
    private static final FieldName PREFIX = new FieldName("prefix");
    private static final FieldName TRANSACTIONAL = new FieldName("transactional");
    private static final FieldName CONTENT = new FieldName("content");
    private static final FieldName SOURCE = new FieldName("source");
    private static final FieldName CONNECTOR = new FieldName("connector");
    private static final FieldName ID = new FieldName("id");
    private static final FieldName DB = new FieldName("db");
    private static final FieldName SCHEMA = new FieldName("schema");
    private static final FieldName TABLE = new FieldName("table");
    private static final FieldName TX_ID = new FieldName("tx_id");
    private static final FieldName LSN = new FieldName("lsn");
    private static final String MESSAGE_OP = "m";

    private final Attributes attributes;
    private final PerTable<Plan> plans = new PerTable<>(Plan::of);

    /** @param subject {@code schema.table} in UTF-8 */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Plan(byte[] subject, PlainRows rows) {
        static Plan of(Table table) {
            return new Plan(table.toString().getBytes(UTF_8), new PlainRows(table));
        }
    }

    CloudEventsWriter(String typePrefix) {
        this.attributes = new Attributes(typePrefix);
    }

    @Override
    public void writeValue(Event event, DocumentWriter out) {
        out.beginObject();
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
        plans.of(change.table()).rows().writeKey(row, out);
    }

    private void writeChange(RowChange change, DocumentWriter out) {
        Plan plan = plans.of(change.table());
        PlainRows rows = plan.rows();
        attributes.write(change, plan.subject(), out);
        out.name(DATA);
        out.beginObject();
        out.name(BEFORE);
        rows.write(change.before(), out);
        out.name(AFTER);
        Row after = change.after();
        rows.write(after, out);
        if (after != null && rows.lacksColumns(after)) {
            out.name(UNAVAILABLE);
            rows.writeUnavailable(after, out);
        }
        out.name(OP);
        out.text(change.op().code());
        writeSource(change, change.table(), out);
        out.endObject();
    }

    private void writeMessage(Message message, DocumentWriter out) {
        attributes.write(message, message.prefix().getBytes(UTF_8), out);
        out.name(DATA);
        out.beginObject();
        out.name(MESSAGE);
        out.beginObject();
        out.name(PREFIX);
        out.text(message.prefix());
        out.name(TRANSACTIONAL);
        out.bool(message.transactional());
        out.name(CONTENT);
        out.bytes(message.content(), 0, message.content().length);
        out.endObject();
        out.name(OP);
        out.text(MESSAGE_OP);
        writeSource(message, null, out);
        out.endObject();
    }

    private static void writeSource(Event event, @Nullable Table table, DocumentWriter out) {
        SourceInfo info = event.transaction().source();
        out.name(SOURCE);
        out.beginObject();
        out.name(CONNECTOR);
        out.text(info.connector());
        out.name(ID);
        out.text(info.id());
        out.name(DB);
        out.text(info.database());
        if (table != null) {
            out.name(SCHEMA);
            out.text(table.schema());
            out.name(TABLE);
            out.text(table.name());
        }
        out.name(TX_ID);
        out.number(event.transaction().id());
        out.name(LSN);
        out.number(event.lsn());
        out.endObject();
    }
}
