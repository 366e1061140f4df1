package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Derived;
import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.Message;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import io.deltaforge.spi.log.MessageField;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Record keys that are the bytes of one field of the event. Confined to one thread, but for {@link #missing}. */
final class FieldKey {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final String name;
    private final MessageField field;
    private final Derived<Table, Integer> columns;
    private volatile long missing;

    FieldKey(String name) {
        this.name = name;
        this.field = new MessageField(name);
        this.columns = new Derived<>(table -> table.indexOf(name));
    }

    /** How many events had no value in the field. Any thread. */
    long missing() {
        return missing;
    }

    /** A new array; {@code null} when the event has no such field, or nothing in it. */
    byte @Nullable [] of(Event event) {
        byte[] key = switch (event) {
            case RowChange change -> column(change);
            case LogEntry entry -> field(entry);
            case Message message -> null;
        };
        if (key == null) {
            countMissing();
        }
        return key;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread counts, others only read
    private void countMissing() {
        missing++;
    }

    private byte @Nullable [] column(RowChange change) {
        int column = columns.of(change.table());
        if (column < 0) {
            return null;
        }
        byte[] newest = bytes(change.after(), column);
        return newest == null ? bytes(change.before(), column) : newest;
    }

    /** {@code null} also where the source did not log the value. */
    private static byte @Nullable [] bytes(@Nullable Row row, int column) {
        return row == null || row.start(column) < 0
                ? null
                : Arrays.copyOfRange(row.data(), row.start(column), row.end(column));
    }

    private byte @Nullable [] field(LogEntry entry) {
        byte[] value = field.bytes(entry);
        if (value != null && Arrays.equals(value, NULL)) {
            return null; // JSON's null is no value; a text that says so is none either
        }
        if (value != null || entry.stream().labels().isEmpty()) {
            return value;
        }
        String label = entry.stream().labels().get(name);
        return label == null ? null : label.getBytes(UTF_8);
    }
}
