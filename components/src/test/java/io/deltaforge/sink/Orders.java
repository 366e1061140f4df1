package io.deltaforge.sink;

import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.Event;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.Position;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.SinkContext;
import java.util.Locale;

/** Changes of a shop's tables as a source would make them, each in a transaction of its own; for the tests of sinks. */
public final class Orders {
    public static final Table ORDERS = table("orders");
    public static final Table VISITS = table("visits");
    public static final SourceInfo SOURCE = new SourceInfo("postgresql", "shop-db", "shop");
    public static final SinkContext CONTEXT = context("shop");

    private long lsn;

    /** Of a pipeline of this name, with as much memory as the client takes by itself. */
    public static SinkContext context(String pipeline) {
        return new SinkContext(pipeline, SOURCE, 32L << 20);
    }

    /** With the key id, a customer and a document. */
    public static Table table(String name) {
        return new Table(
                "public",
                name,
                java.util.List.of(
                        new Column("id", DataType.of(DataType.Kind.INT32, "int4"), true),
                        new Column("customer", DataType.of(DataType.Kind.TEXT, "text"), false),
                        new Column("document", DataType.of(DataType.Kind.JSON, "json"), false)));
    }

    public Event insert(Table table, int id, String customer) {
        return insert(table, id, customer, "{}");
    }

    public Event insert(Table table, int id, String customer, String document) {
        return change(Op.CREATE, table, null, Row.ofTexts(Integer.toString(id), customer, document));
    }

    public Event delete(Table table, int id) {
        return change(Op.DELETE, table, Row.ofTexts(Integer.toString(id), null, null), null);
    }

    public Event message(String prefix) {
        Transaction transaction = nextTransaction();
        return new Message(transaction, transaction.lsn(), 0, true, prefix, new byte[0]);
    }

    private Event change(Op op, Table table, Row before, Row after) {
        Transaction transaction = nextTransaction();
        return new RowChange(op, table, before, after, transaction, transaction.lsn(), 0);
    }

    private Transaction nextTransaction() {
        lsn++;
        return new Transaction(SOURCE, lsn, 1_700_000_000_000_000L, lsn, lsn - 1, new At(lsn));
    }

    public static Batch batch(Event... events) {
        return new Batch(events, events.length, 100L * events.length, events[events.length - 1].position());
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
            return "0/" + Long.toHexString(lsn).toUpperCase(Locale.ROOT);
        }
    }
}
