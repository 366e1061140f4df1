package io.deltaforge.envelope.nativejson;

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
import io.deltaforge.spi.EventId;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.TextConstant;
import io.deltaforge.spi.value.PlainLog;
import io.deltaforge.spi.value.PlainRows;
import io.deltaforge.spi.value.PlainSource;
import java.util.EnumMap;

/** Confined to one thread. */
final class NativeWriter implements Envelope.Writer {
    private static final FieldName ID = new FieldName("id");
    private static final FieldName OP = new FieldName("op");
    private static final FieldName TS_US = new FieldName("ts_us");
    private static final FieldName MESSAGE = new FieldName("message");
    private static final FieldName SOURCE = new FieldName("source");
    private static final TextConstant MESSAGE_OP = new TextConstant("m");
    private static final TextConstant LOG_OP = new TextConstant("l");

    private final EventId eventId = new EventId();
    private final Derived<Table, PlainRows> rows = new Derived<>(PlainRows::new);
    private final PlainSource source = new PlainSource();
    private final PlainLog log = new PlainLog();
    private final EnumMap<Op, TextConstant> ops = new EnumMap<>(Op.class);

    NativeWriter() {
        for (Op op : Op.values()) {
            ops.put(op, new TextConstant(op.code()));
        }
    }

    @Override
    public void writeValue(Event event, DocumentWriter out) {
        out.beginObject();
        out.name(ID);
        eventId.write(event, out);
        out.name(OP);
        switch (event) {
            case RowChange change -> {
                out.text(requireNonNull(ops.get(change.op())));
                writeTime(event, out);
                rows.of(change.table()).writeChange(change, out);
            }
            case Message message -> {
                out.text(MESSAGE_OP);
                writeTime(event, out);
                out.name(MESSAGE);
                PlainSource.writeMessage(message, out);
            }
            case LogEntry entry -> {
                out.text(LOG_OP);
                out.name(TS_US);
                out.number(entry.timeMicros());
                log.writeMembers(entry, out);
            }
        }
        out.name(SOURCE);
        source.write(event, out);
        out.endObject();
    }

    @Override
    public void writeKey(RowChange change, DocumentWriter out) {
        rows.of(change.table()).writeKey(change, out);
    }

    private static void writeTime(Event event, DocumentWriter out) {
        out.name(TS_US);
        out.number(event.transaction().commitMicros());
    }
}
