package io.deltaforge.engine.spool;

import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.Position;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Batch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the batches of one segment, from its first on. Confined to one thread. Throws a {@link RuntimeException} of any
 * kind for bytes that {@link BatchEncoder} did not write.
 */
final class BatchDecoder {
    private final Function<String, Position> positions;
    private final KnownTables known;
    private final List<SourceInfo> sources = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>();
    private final List<LogStream> streams = new ArrayList<>();
    private @Nullable Transaction transaction;

    /** @param known outlives the segment, so that the same shape is the same object in all of them */
    BatchDecoder(Function<String, Position> positions, KnownTables known) {
        this.positions = positions;
        this.known = known;
    }

    Batch decode(RecordInput in) {
        Event[] events = new Event[in.getCount()];
        in.getNumber(); // what was skipped was told when it was
        Position commit = position(in, positions);
        long bytes = 0;
        for (int i = 0; i < events.length; i++) {
            events[i] = event(in);
            bytes += events[i].sizeBytes();
        }
        return new Batch(events, events.length, bytes, commit);
    }

    static @Nullable Position position(RecordInput in, Function<String, Position> positions) {
        return in.getByte() == 0 ? null : positions.apply(in.getText());
    }

    private Event event(RecordInput in) {
        while (true) {
            int what = in.getByte();
            switch (what) {
                case BatchEncoder.SOURCE -> sources.add(new SourceInfo(in.getText(), in.getText(), in.getText()));
                case BatchEncoder.TABLE -> tables.add(known.sameAs(table(in)));
                case BatchEncoder.TRANSACTION -> transaction = transaction(in);
                case BatchEncoder.ROW_CHANGE -> {
                    return rowChange(in);
                }
                case BatchEncoder.MESSAGE -> {
                    return new Message(
                            current(), in.getNumber(), in.getCount(), in.getByte() == 1, in.getText(), in.getBytes());
                }
                case BatchEncoder.LOG_STREAM -> streams.add(new LogStream(in.getText(), in.getText(), texts(in), null));
                case BatchEncoder.LOG_ENTRY -> {
                    return logEntry(in);
                }
                default -> throw new IllegalArgumentException("no event or definition begins with " + what);
            }
        }
    }

    private static Map<String, String> texts(RecordInput in) {
        int count = in.getCount();
        if (count == 0) {
            return Map.of();
        }
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < count; i++) {
            texts.put(in.getText(), in.getText());
        }
        return texts;
    }

    private LogEntry logEntry(RecordInput in) {
        LogStream stream = streams.get(in.getCount());
        long offset = in.getNumber();
        long next = in.getNumber();
        int ordinal = in.getCount();
        long timeMicros = in.getLong();
        String level = in.getText();
        Map<String, String> fields = texts(in);
        boolean truncated = in.getByte() == 1;
        byte[] data = in.getBytes();
        return new LogEntry(
                current(),
                stream,
                data,
                0,
                data.length,
                offset,
                next,
                ordinal,
                timeMicros,
                level.isEmpty() ? null : LogLevel.valueOf(level),
                fields,
                truncated);
    }

    private Transaction transaction(RecordInput in) {
        return new Transaction(
                sources.get(in.getCount()),
                in.getNumber(),
                in.getLong(),
                in.getNumber(),
                in.getNumber(),
                positions.apply(in.getText()));
    }

    private Transaction current() {
        if (transaction == null) {
            throw new IllegalArgumentException("an event before any transaction");
        }
        return transaction;
    }

    private static Table table(RecordInput in) {
        String schema = in.getText();
        String name = in.getText();
        Column[] columns = new Column[in.getCount()];
        for (int i = 0; i < columns.length; i++) {
            String column = in.getText();
            boolean key = in.getByte() == 1;
            columns[i] = new Column(column, type(in), key);
        }
        return new Table(schema, name, List.of(columns));
    }

    private static DataType type(RecordInput in) {
        DataType.Kind kind = DataType.Kind.valueOf(in.getText());
        String name = in.getText();
        int precision = in.getInt();
        int scale = in.getInt();
        String[] labels = new String[in.getCount()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = in.getText();
        }
        DataType element = kind == DataType.Kind.ARRAY ? type(in) : null;
        return new DataType(kind, name, precision, scale, element, List.of(labels));
    }

    private RowChange rowChange(RecordInput in) {
        Op op = op(in.getByte());
        Table table = tables.get(in.getCount());
        long lsn = in.getNumber();
        int ordinal = in.getCount();
        int rows = in.getByte();
        Row before = (rows & BatchEncoder.HAS_BEFORE) == 0 ? null : row(in);
        Row after = (rows & BatchEncoder.HAS_AFTER) == 0 ? null : row(in);
        return new RowChange(op, table, before, after, current(), lsn, ordinal);
    }

    private static Op op(int code) {
        for (Op op : Op.values()) {
            if (op.code().charAt(0) == code) {
                return op;
            }
        }
        throw new IllegalArgumentException("no operation has the code " + code);
    }

    private static Row row(RecordInput in) {
        int[] bounds = new int[2 * in.getCount()];
        for (int i = 0; i < bounds.length; i += 2) {
            int code = in.getCount();
            if (code <= -Row.ABSENT) {
                bounds[i] = -code;
            } else {
                bounds[i] = code + Row.ABSENT - 1;
                bounds[i + 1] = bounds[i] + in.getCount();
            }
        }
        return new Row(in.getBytes(), bounds);
    }
}
