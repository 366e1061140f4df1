package io.deltaforge.spi.value;

import io.deltaforge.event.Derived;
import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.Message;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.TextConstant;

/**
 * Writes where an event comes from, and what a message says, in the way that the plain envelopes share. Confined to one
 * thread.
 */
public final class PlainSource {
    private static final FieldName CONNECTOR = new FieldName("connector");
    private static final FieldName ID = new FieldName("id");
    private static final FieldName DB = new FieldName("db");
    private static final FieldName SCHEMA = new FieldName("schema");
    private static final FieldName TABLE = new FieldName("table");
    private static final FieldName TX_ID = new FieldName("tx_id");
    private static final FieldName LSN = new FieldName("lsn");
    private static final FieldName STREAM = new FieldName("stream");
    private static final FieldName OFFSET = new FieldName("offset");
    private static final FieldName PREFIX = new FieldName("prefix");
    private static final FieldName TRANSACTIONAL = new FieldName("transactional");
    private static final FieldName CONTENT = new FieldName("content");

    private final Derived<Table, TableNames> tables = new Derived<>(TableNames::of);
    private final Derived<SourceInfo, SourceNames> sources = new Derived<>(SourceNames::of);
    private final Derived<LogStream, TextConstant> streams = new Derived<>(stream -> new TextConstant(stream.name()));

    private record TableNames(TextConstant schema, TextConstant table) {
        static TableNames of(Table table) {
            return new TableNames(new TextConstant(table.schema()), new TextConstant(table.name()));
        }
    }

    private record SourceNames(TextConstant connector, TextConstant id, TextConstant database) {
        static SourceNames of(SourceInfo info) {
            return new SourceNames(
                    new TextConstant(info.connector()), new TextConstant(info.id()), new TextConstant(info.database()));
        }
    }

    /**
     * Writes {@code {"connector":…,"id":…,"db":…,"schema":…,"table":…,"tx_id":…,"lsn":…}}, of a log entry
     * {@code {"connector":…,"id":…,"stream":…,"offset":…}}.
     */
    public void write(Event event, DocumentWriter out) {
        SourceNames names = sources.of(event.transaction().source());
        out.beginObject();
        out.name(CONNECTOR);
        out.text(names.connector);
        out.name(ID);
        out.text(names.id);
        if (event instanceof LogEntry entry) {
            out.name(STREAM);
            out.text(streams.of(entry.stream()));
            out.name(OFFSET);
            out.number(entry.offset());
            out.endObject();
            return;
        }
        out.name(DB);
        out.text(names.database);
        if (event instanceof RowChange change) {
            TableNames table = tables.of(change.table());
            out.name(SCHEMA);
            out.text(table.schema);
            out.name(TABLE);
            out.text(table.table);
        }
        out.name(TX_ID);
        out.number(event.transaction().id());
        out.name(LSN);
        out.number(event.lsn());
        out.endObject();
    }

    /** Writes {@code {"prefix":…,"transactional":…,"content":…}}. */
    public static void writeMessage(Message message, DocumentWriter out) {
        out.beginObject();
        out.name(PREFIX);
        out.text(message.prefix());
        out.name(TRANSACTIONAL);
        out.bool(message.transactional());
        out.name(CONTENT);
        out.bytes(message.content(), 0, message.content().length);
        out.endObject();
    }
}
