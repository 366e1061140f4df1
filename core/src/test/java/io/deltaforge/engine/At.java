package io.deltaforge.engine;

import io.deltaforge.event.Message;
import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;

/** A position of the tests' log, whose transactions lie at 10, 20, 30, … and end one further. */
record At(long offset) implements Position {
    static final SourceInfo LOG = new SourceInfo("test", "log", "");

    @Override
    public boolean covers(Position other) {
        return offset > ((At) other).offset;
    }

    @Override
    public Position earliest(Position other) {
        return offset <= ((At) other).offset ? this : other;
    }

    @Override
    public String text() {
        return Long.toString(offset);
    }

    /** Where the {@code n}th transaction lies. */
    static At transaction(int n) {
        return new At(10L * n);
    }

    /** Where a checkpoint lies that covers the {@code n}th transaction. */
    static At endOf(int n) {
        return new At(10L * n + 1);
    }

    /** The {@code ordinal}th event of the {@code n}th transaction. */
    static Message event(int n, int ordinal, int bytes) {
        At at = transaction(n);
        Transaction transaction = new Transaction(LOG, n, 1_000_000L * n, at.offset, 0, at);
        return new Message(transaction, at.offset, ordinal, true, "p", new byte[bytes]);
    }
}
