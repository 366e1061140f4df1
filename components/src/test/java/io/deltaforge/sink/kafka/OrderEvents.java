package io.deltaforge.sink.kafka;

import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.Event;
import io.deltaforge.event.Op;
import io.deltaforge.event.Position;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Batch;
import java.util.List;

/** Changes as a source would make them, each in a transaction of its own. */
final class OrderEvents {
    static final Table ORDERS = table("orders", true);
    static final Table VISITS = table("visits", false);

    private static final SourceInfo SOURCE = new SourceInfo("postgresql", "shop-db", "shop");

    private long lsn;

    /** A table of this name: id, customer and note, with or without a primary key. */
    static Table table(String name, boolean keyed) {
        return new Table(
                "public",
                name,
                List.of(
                        new Column("id", DataType.of(DataType.Kind.INT32, "int4"), keyed),
                        new Column("customer", DataType.of(DataType.Kind.TEXT, "text"), false),
                        new Column("note", DataType.of(DataType.Kind.TEXT, "text"), false)));
    }

    Event insert(Table table, int id, String customer, String note) {
        return change(Op.CREATE, table, null, Row.ofTexts(Integer.toString(id), customer, note));
    }

    Event delete(Table table, int id) {
        return change(Op.DELETE, table, Row.ofTexts(Integer.toString(id), null, null), null);
    }

    private Event change(Op op, Table table, Row before, Row after) {
        lsn++;
        Transaction transaction = new Transaction(SOURCE, lsn, 1_700_000_000_000_000L, lsn, lsn - 1, new At(lsn));
        return new RowChange(op, table, before, after, transaction, lsn, 0);
    }

    static Batch batch(Event... events) {
        Event last = events[events.length - 1];
        return new Batch(events, events.length, 100L * events.length, last.position());
    }

    private record At(long lsn) implements Position {
        @Override
        public boolean covers(Position other) {
            return lsn >= ((At) other).lsn;
        }

        @Override
        public Position earliest(Position other) {
            return covers(other) ? other : this;
        }

        @Override
        public String text() {
            return "0/" + Long.toHexString(lsn).toUpperCase(java.util.Locale.ROOT);
        }
    }
}
