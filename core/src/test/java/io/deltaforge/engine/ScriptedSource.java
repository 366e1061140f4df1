package io.deltaforge.engine;

import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Source;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A log of transactions of equal size, numbered from 1, that is read from the checkpoint on; it ends after the last one
 * unless it is told to stay.
 */
final class ScriptedSource implements Source {
    private final int transactions;
    private final int eventsPerTransaction;
    private final int eventBytes;
    private final boolean staysOpen;
    final AtomicInteger eventsRead = new AtomicInteger();
    volatile boolean breaksOnceAtHalf;
    volatile Position durableSeen;

    ScriptedSource(int transactions, int eventsPerTransaction, int eventBytes, boolean staysOpen) {
        this.transactions = transactions;
        this.eventsPerTransaction = eventsPerTransaction;
        this.eventBytes = eventBytes;
        this.staysOpen = staysOpen;
    }

    @Override
    public SourceInfo info() {
        return At.LOG;
    }

    @Override
    public Position parsePosition(String text) {
        return new At(Long.parseLong(text));
    }

    @Override
    public void run(Feed feed) throws Failure {
        At from = (At) feed.resumeFrom();
        feed.lagBytes(0);
        for (int n = 1; n <= transactions && !feed.stopped(); n++) {
            if (from != null && from.covers(At.transaction(n))) {
                continue;
            }
            if (breaksOnceAtHalf && n > transactions / 2) {
                breaksOnceAtHalf = false;
                throw new Failure.Retryable("the cable was pulled", null);
            }
            for (int i = 0; i < eventsPerTransaction; i++) {
                while (!feed.hasRoom()) {
                    feed.awaitRoom(Duration.ofMillis(10));
                    if (feed.stopped()) {
                        return;
                    }
                }
                feed.event(At.event(n, i, eventBytes));
                eventsRead.incrementAndGet();
            }
            feed.commit(At.endOf(n));
            durableSeen = feed.durable();
        }
        while (staysOpen && !feed.stopped()) {
            feed.idle();
            durableSeen = feed.durable();
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {}
}
