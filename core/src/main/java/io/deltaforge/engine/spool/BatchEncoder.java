package io.deltaforge.engine.spool;

import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.Message;
import io.deltaforge.event.Position;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Batch;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches for {@link BatchDecoder} to read. What many events share is written before the first that needs it, and
 * after that meant by its number (a transaction: by being the newest). One for each segment; confined to one thread.
 *
 * <p>A batch: count of events, count of events that were skipped before it, commit position, then definitions and events,
 * each behind the byte that says what it is.
 */
final class BatchEncoder {
    static final int SOURCE = 1;
    static final int TABLE = 2;
    static final int TRANSACTION = 3;
    static final int ROW_CHANGE = 4;
    static final int MESSAGE = 5;
    static final int LOG_STREAM = 6;
    static final int LOG_ENTRY = 7;

    static final int HAS_BEFORE = 1;
    static final int HAS_AFTER = 2;

    private final List<SourceInfo> sources = new ArrayList<>();
    private final IdentityHashMap<Table, Integer> tables = new IdentityHashMap<>();
    private final IdentityHashMap<LogStream, Integer> streams = new IdentityHashMap<>();
    private @Nullable Transaction transaction;

    void encode(Batch batch, long skipped, RecordOutput out) {
        out.putNumber(batch.size());
        out.putNumber(skipped);
        putPosition(batch.commit(), out);
        for (int i = 0; i < batch.size(); i++) {
            Event event = batch.event(i);
            begin(event.transaction(), out);
            switch (event) {
                case RowChange change -> put(change, out);
                case Message message -> put(message, out);
                case LogEntry entry -> put(entry, out);
            }
        }
    }

    private static void putPosition(@Nullable Position position, RecordOutput out) {
        out.putByte(position == null ? 0 : 1);
        if (position != null) {
            out.putText(position.text());
        }
    }

    @SuppressWarnings("ReferenceEquality") // one object a transaction
    private void begin(Transaction next, RecordOutput out) {
        if (next == transaction) {
            return;
        }
        transaction = next;
        int source = number(next.source(), out);
        out.putByte(TRANSACTION);
        out.putNumber(source);
        out.putNumber(next.id());
        out.putLong(next.commitMicros());
        out.putNumber(next.lsn());
        out.putNumber(next.previousLsn());
        out.putText(next.position().text());
    }

    private int number(SourceInfo source, RecordOutput out) {
        int known = sources.indexOf(source);
        if (known >= 0) {
            return known;
        }
        sources.add(source);
        out.putByte(SOURCE);
        out.putText(source.connector());
        out.putText(source.id());
        out.putText(source.database());
        return sources.size() - 1;
    }

    private int number(Table table, RecordOutput out) {
        Integer known = tables.get(table);
        if (known != null) {
            return known;
        }
        int number = tables.size();
        tables.put(table, number);
        out.putByte(TABLE);
        out.putText(table.schema());
        out.putText(table.name());
        out.putNumber(table.columns().size());
        for (Column column : table.columns()) {
            out.putText(column.name());
            out.putByte(column.key() ? 1 : 0);
            put(column.type(), out);
        }
        return number;
    }

    /** Kinds by name, so that the order in which they are declared may change between two versions of the program. */
    private static void put(DataType type, RecordOutput out) {
        out.putText(type.kind().name());
        out.putText(type.name());
        out.putInt(type.precision());
        out.putInt(type.scale());
        out.putNumber(type.labels().size());
        for (String label : type.labels()) {
            out.putText(label);
        }
        DataType element = type.element();
        if (element != null) {
            put(element, out);
        }
    }

    private void put(RowChange change, RecordOutput out) {
        int table = number(change.table(), out);
        Row before = change.before();
        Row after = change.after();
        out.putByte(ROW_CHANGE);
        out.putByte(change.op().code().charAt(0));
        out.putNumber(table);
        out.putNumber(change.lsn());
        out.putNumber(change.ordinal());
        out.putByte((before == null ? 0 : HAS_BEFORE) | (after == null ? 0 : HAS_AFTER));
        if (before != null) {
            put(before, out);
        }
        if (after != null) {
            put(after, out);
        }
    }

    /** Only the part of the data in which the row's columns lie: the array may hold another row too. */
    private static void put(Row row, RecordOutput out) {
        int columns = row.columnCount();
        int from = Integer.MAX_VALUE;
        int to = 0;
        for (int i = 0; i < columns; i++) {
            if (row.start(i) >= 0) {
                from = Math.min(from, row.start(i));
                to = Math.max(to, row.end(i));
            }
        }
        out.putNumber(columns);
        for (int i = 0; i < columns; i++) {
            int start = row.start(i);
            if (start < 0) {
                out.putNumber(-start);
            } else {
                out.putNumber(start - from - Row.ABSENT + 1);
                out.putNumber(row.end(i) - start);
            }
        }
        out.putBytes(row.data(), Math.min(from, to), Math.max(0, to - from));
    }

    private static void put(Message message, RecordOutput out) {
        out.putByte(MESSAGE);
        out.putNumber(message.lsn());
        out.putNumber(message.ordinal());
        out.putByte(message.transactional() ? 1 : 0);
        out.putText(message.prefix());
        out.putBytes(message.content(), 0, message.content().length);
    }

    private int number(LogStream stream, RecordOutput out) {
        Integer known = streams.get(stream);
        if (known != null) {
            return known;
        }
        int number = streams.size();
        streams.put(stream, number);
        out.putByte(LOG_STREAM);
        out.putText(stream.id());
        out.putText(stream.name());
        put(stream.labels(), out);
        return number;
    }

    private static void put(Map<String, String> texts, RecordOutput out) {
        out.putNumber(texts.size());
        texts.forEach((name, value) -> {
            out.putText(name);
            out.putText(value);
        });
    }

    private void put(LogEntry entry, RecordOutput out) {
        int stream = number(entry.stream(), out);
        LogLevel level = entry.level();
        out.putByte(LOG_ENTRY);
        out.putNumber(stream);
        out.putNumber(entry.offset());
        out.putNumber(entry.next());
        out.putNumber(entry.ordinal());
        out.putLong(entry.timeMicros());
        out.putText(level == null ? "" : level.name());
        put(entry.fields(), out);
        out.putByte(entry.truncated() ? 1 : 0);
        out.putBytes(entry.data(), entry.start(), entry.end() - entry.start());
    }
}
