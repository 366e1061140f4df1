package io.deltaforge.reliability;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Rendered;
import java.util.List;

/** Events that nobody wants, and how sinks refuse them. */
final class Orders {
    private static final SourceInfo SOURCE = new SourceInfo("postgresql", "shop-db", "shop");
    private static final Table TABLE = new Table(
            "public",
            "orders",
            List.of(
                    new Column("id", DataType.of(DataType.Kind.INT64, "bigint"), true),
                    new Column("note", DataType.of(DataType.Kind.TEXT, "text"), false),
                    new Column("card_token", DataType.of(DataType.Kind.TEXT, "text"), false)));

    private Orders() {}

    record Lsn(String text) implements Position {
        @Override
        public boolean covers(Position other) {
            return equals(other);
        }

        @Override
        public Position earliest(Position other) {
            return this;
        }
    }

    static Event inserted(int id, String note, String token) {
        Transaction transaction = new Transaction(SOURCE, id, 0, id, 0, new Lsn("0/" + id));
        return new RowChange(Op.CREATE, TABLE, null, Row.ofTexts("" + id, note, token), transaction, id, 0);
    }

    static Batch batch(int... ids) {
        Event[] events = new Event[ids.length];
        for (int i = 0; i < ids.length; i++) {
            events[i] = inserted(ids[i], "note " + ids[i], null);
        }
        return new Batch(events, ids.length, 100, null);
    }

    static Batch batch(Event event) {
        return new Batch(new Event[] {event}, 1, 100, null);
    }

    /** All events of a batch, each with a record to the topic {@code orders}. */
    static Failure.Rejected all(Batch batch, String kind) {
        Failure.RejectedEvent[] events = new Failure.RejectedEvent[batch.size()];
        for (int i = 0; i < events.length; i++) {
            RowChange change = (RowChange) batch.event(i);
            events[i] = new Failure.RejectedEvent(i, kind, "too large.", record(change.after()));
        }
        return new Failure.Rejected(List.of(events));
    }

    private static Rendered record(Row row) {
        return new Rendered(
                "orders",
                2,
                ("{\"id\":" + row.text(0) + "}").getBytes(UTF_8),
                ("{\"note\":\"" + row.text(1) + "\",\"card_token\":\"" + row.text(2) + "\"}").getBytes(UTF_8),
                List.of(new Rendered.Header("content-type", "application/json".getBytes(UTF_8))));
    }
}
