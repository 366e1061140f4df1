package io.deltaforge.envelope.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.deltaforge.event.Derived;
import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.TextConstant;
import io.deltaforge.spi.value.PlainLog;
import io.deltaforge.spi.value.PlainRows;
import io.deltaforge.spi.value.PlainSource;
import java.util.EnumMap;

/** Confined to one thread. */
final class CloudEventsWriter implements Envelope.Writer {
    private static final FieldName DATA = new FieldName("data");
    private static final FieldName OP = new FieldName("op");
    private static final FieldName MESSAGE = new FieldName("message");
    private static final FieldName SOURCE = new FieldName("source");
    private static final TextConstant MESSAGE_OP = new TextConstant("m");
    private static final TextConstant LOG_OP = new TextConstant("l");

    private final Attributes attributes;
    private final Derived<Table, Plan> plans = new Derived<>(Plan::of);
    private final PlainSource source = new PlainSource();
    private final PlainLog log = new PlainLog();
    private final EnumMap<Op, TextConstant> ops = new EnumMap<>(Op.class);

    /** @param subject {@code schema.table} in UTF-8 */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Plan(byte[] subject, PlainRows rows) {
        static Plan of(Table table) {
            return new Plan(table.toString().getBytes(UTF_8), new PlainRows(table));
        }
    }

    CloudEventsWriter(String typePrefix) {
        this.attributes = new Attributes(typePrefix);
        for (Op op : Op.values()) {
            ops.put(op, new TextConstant(op.code()));
        }
    }

    @Override
    public void writeValue(Event event, DocumentWriter out) {
        out.beginObject();
        switch (event) {
            case RowChange change -> writeChange(change, out);
            case Message message -> writeMessage(message, out);
            case LogEntry entry -> writeEntry(entry, out);
        }
        out.endObject();
    }

    @Override
    public void writeKey(RowChange change, DocumentWriter out) {
        plans.of(change.table()).rows().writeKey(change, out);
    }

    private void writeChange(RowChange change, DocumentWriter out) {
        Plan plan = plans.of(change.table());
        attributes.write(change, plan.subject(), out);
        out.name(DATA);
        out.beginObject();
        plan.rows().writeChange(change, out);
        out.name(OP);
        out.text(requireNonNull(ops.get(change.op())));
        out.name(SOURCE);
        source.write(change, out);
        out.endObject();
    }

    private void writeMessage(Message message, DocumentWriter out) {
        attributes.write(message, message.prefix().getBytes(UTF_8), out);
        out.name(DATA);
        out.beginObject();
        out.name(MESSAGE);
        PlainSource.writeMessage(message, out);
        out.name(OP);
        out.text(MESSAGE_OP);
        out.name(SOURCE);
        source.write(message, out);
        out.endObject();
    }

    private void writeEntry(LogEntry entry, DocumentWriter out) {
        attributes.write(entry, entry.stream().name().getBytes(UTF_8), out);
        out.name(DATA);
        out.beginObject();
        log.writeMembers(entry, out);
        out.name(OP);
        out.text(LOG_OP);
        out.name(SOURCE);
        source.write(entry, out);
        out.endObject();
    }
}
