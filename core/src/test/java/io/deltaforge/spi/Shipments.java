package io.deltaforge.spi;

import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.Position;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.event.Transaction;
import java.util.List;

/** Events of a table that ships things. */
final class Shipments {
    static final Table TABLE = new Table(
            "depot",
            "shipments",
            List.of(
                    new Column("id", DataType.of(DataType.Kind.INT64, "int8"), true),
                    new Column("to.city", DataType.of(DataType.Kind.TEXT, "text"), false)));

    private static final SourceInfo SOURCE = new SourceInfo("postgresql", "depot-db", "depot_prod");

    private Shipments() {}

    static Transaction transaction(String position) {
        return new Transaction(SOURCE, 4711, 0, 0, 0, new Named(position));
    }

    static RowChange updated(String from, String to) {
        return change(Op.UPDATE, Row.ofTexts("7", from), Row.ofTexts("7", to), transaction("0/10"), 0);
    }

    static RowChange deleted(String from) {
        return change(Op.DELETE, Row.ofTexts("7", from), null, transaction("0/10"), 0);
    }

    static RowChange change(Op op, Row before, Row after, Transaction transaction, int ordinal) {
        return new RowChange(op, TABLE, before, after, transaction, 0, ordinal);
    }

    static Message message(String prefix) {
        return new Message(transaction("0/10"), 0, 0, true, prefix, new byte[0]);
    }

    private record Named(String text) implements Position {
        @Override
        public boolean covers(Position other) {
            return equals(other);
        }

        @Override
        public Position earliest(Position other) {
            return this;
        }
    }
}
