package io.deltaforge.envelope.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.deltaforge.event.Derived;
import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.FieldName;
import java.time.InstantSource;
import java.util.EnumMap;

/** Confined to one thread. */
final class DebeziumWriter implements Envelope.Writer {
    private static final FieldName SCHEMA = new FieldName("schema");
    private static final FieldName PAYLOAD = new FieldName("payload");
    private static final FieldName BEFORE = new FieldName("before");
    private static final FieldName AFTER = new FieldName("after");
    private static final FieldName SOURCE = new FieldName("source");
    private static final FieldName TRANSACTION = new FieldName("transaction");
    private static final FieldName OP = new FieldName("op");
    private static final FieldName MESSAGE = new FieldName("message");
    private static final FieldName PREFIX = new FieldName("prefix");
    private static final FieldName CONTENT = new FieldName("content");

    private static final byte[] MESSAGE_OP = {'m'};
    private static final byte[] NO_TABLE = {};

    private final InstantSource clock;
    private final Derived<Table, RowPlan> plans;
    private final SourceBlock source = new SourceBlock();
    private final Moment written = new Moment();
    private final EnumMap<Op, byte[]> opCodes = new EnumMap<>(Op.class);

    DebeziumWriter(DecimalHandling decimal, InstantSource clock) {
        this.clock = clock;
        this.plans = new Derived<>(table -> new RowPlan(table, decimal));
        for (Op op : Op.values()) {
            opCodes.put(op, op.code().getBytes(UTF_8));
        }
    }

    @Override
    public void writeValue(Event event, DocumentWriter out) {
        out.beginObject();
        out.name(SCHEMA);
        out.nul();
        out.name(PAYLOAD);
        out.beginObject();
        switch (event) {
            case RowChange change -> writeChange(change, out);
            case Message message -> writeMessage(message, out);
            case LogEntry entry ->
                throw new IllegalArgumentException(
                        "envelope debezium is for changes of a database: take native, cloudevents or raw for log entries");
        }
        out.endObject();
        out.endObject();
    }

    @Override
    public void writeKey(RowChange change, DocumentWriter out) {
        Row row = change.row();
        if (row == null) {
            throw new IllegalArgumentException("a truncate has no key");
        }
        plans.of(change.table()).writeKey(row, out);
    }

    private void writeChange(RowChange change, DocumentWriter out) {
        RowPlan plan = plans.of(change.table());
        out.name(BEFORE);
        plan.writeRow(change.before(), out);
        out.name(AFTER);
        plan.writeRow(change.after(), out);
        out.name(SOURCE);
        source.write(change, plan.schemaName(), plan.tableName(), change.op() == Op.READ, true, out);
        out.name(TRANSACTION);
        out.nul();
        out.name(OP);
        byte[] code = requireNonNull(opCodes.get(change.op()));
        out.plainText(code, 0, code.length);
        setWritten();
        written.writeMillis(out);
        written.writeMicrosAndNanos(out);
    }

    /** To the millisecond, which costs no object and mostly no digits. */
    private void setWritten() {
        written.set(clock.millis() * 1_000);
    }

    private void writeMessage(Message message, DocumentWriter out) {
        out.name(OP);
        out.plainText(MESSAGE_OP, 0, MESSAGE_OP.length);
        setWritten();
        written.writeMillis(out);
        out.name(SOURCE);
        source.write(message, NO_TABLE, NO_TABLE, false, message.transactional(), out);
        out.name(TRANSACTION);
        out.nul();
        out.name(MESSAGE);
        out.beginObject();
        out.name(PREFIX);
        out.text(message.prefix());
        out.name(CONTENT);
        out.bytes(message.content(), 0, message.content().length);
        out.endObject();
    }
}
