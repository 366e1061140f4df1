package io.deltaforge.source.postgres;

import io.deltaforge.event.Event;
import io.deltaforge.spi.Feed;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to the feed, none twice: after a reconnect the server sends a transaction that was cut in the middle from its
 * start again. Confined to the source thread; remembers as long as the feed is the same.
 */
final class Handover implements PgOutputDecoder.Output {
    private @Nullable Feed feed;
    private long lastTransaction;
    private int lastOrdinal = -1;
    private long committed;

    @SuppressWarnings("ReferenceEquality") // another feed is another object
    void to(Feed next) {
        if (next != feed) {
            feed = next;
            lastTransaction = 0;
            lastOrdinal = -1;
            committed = 0;
        }
    }

    /** The last position committed to the feed, 0 before the first. */
    long committed() {
        return committed;
    }

    @Override
    public void event(Event event) {
        // transactions come in the order of their commits, so two numbers are enough to know what was handed over
        long transaction = event.transaction().lsn();
        int order = Long.compareUnsigned(transaction, lastTransaction);
        if (order < 0 || (order == 0 && event.ordinal() <= lastOrdinal)) {
            return;
        }
        lastTransaction = transaction;
        lastOrdinal = event.ordinal();
        target().event(event);
    }

    @Override
    public void commit(PgPosition end) {
        if (Long.compareUnsigned(end.lsn(), committed) > 0) {
            committed = end.lsn();
            target().commit(end);
        }
    }

    private Feed target() {
        Feed target = feed;
        if (target == null) {
            throw new IllegalStateException("nothing is decoded before run() names the feed");
        }
        return target;
    }
}
