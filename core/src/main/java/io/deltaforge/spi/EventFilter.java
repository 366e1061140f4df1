package io.deltaforge.spi;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import java.util.List;

/** Which events a sink is given; what it is not given counts as delivered to it. Immutable. */
public record EventFilter(
        @Setting(
                doc = "Only changes of these tables: `schema.table`, either part with `%` or `*` for any characters, or"
                        + " quoted. What is of no table is left out then. Without it, all.",
                value = "[]")
        List<TablePattern> tables,

        @Setting(doc = "Only what happened so; read is a row that a snapshot found. Without it, all.", value = "[]")
        List<Kind> ops) {

    /** Lets everything pass. */
    public static final EventFilter NONE = new EventFilter(List.of(), List.of());

    /** What happened. */
    public enum Kind {
        INSERT,
        UPDATE,
        DELETE,
        TRUNCATE,
        READ,
        MESSAGE,
        LOG;

        private static Kind of(Op op) {
            return switch (op) {
                case CREATE -> INSERT;
                case UPDATE -> UPDATE;
                case DELETE -> DELETE;
                case TRUNCATE -> TRUNCATE;
                case READ -> READ;
            };
        }
    }

    public EventFilter {
        tables = List.copyOf(tables);
        ops = List.copyOf(ops);
    }

    public boolean isNone() {
        return tables.isEmpty() && ops.isEmpty();
    }

    /** Whether what happened may pass, whatever its table. */
    public boolean passesOp(Event event) {
        if (ops.isEmpty()) {
            return true;
        }
        return switch (event) {
            case RowChange change -> ops.contains(Kind.of(change.op()));
            case Message message -> ops.contains(Kind.MESSAGE);
            case LogEntry entry -> ops.contains(Kind.LOG);
        };
    }

    /** Whether events that are of no table may pass. */
    public boolean passesWithoutTable() {
        return tables.isEmpty();
    }

    public boolean passes(Table table) {
        if (tables.isEmpty()) {
            return true;
        }
        for (TablePattern pattern : tables) {
            if (pattern.matches(table.schema(), table.name())) {
                return true;
            }
        }
        return false;
    }
}
