package io.deltaforge.envelope.debezium;

import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;

/** A transaction for tests of envelopes. */
final class Changes {
    static final Transaction TRANSACTION = new Transaction(
            new SourceInfo("postgresql", "orders-db", "shop"),
            769,
            1_745_335_529_692_108L,
            29_187_960,
            29_180_000,
            new NamedPosition("0/1BD5F38"));

    private Changes() {}

    private record NamedPosition(String text) implements Position {
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
