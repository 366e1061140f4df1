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
    /** How many times nothing can be read at all. */
    int refusals;
    /** What comes after this transaction happens later. */
    volatile int happenedUpTo = Integer.MAX_VALUE;

    private boolean startsWithACommit;
    private boolean cannotPause;
    private boolean cannotReadAgain;

    volatile Position durableSeen;
    /** What the log has forgotten: it cannot be read again, whatever is asked for. */
    volatile Position forgotten;

    ScriptedSource(int transactions, int eventsPerTransaction, int eventBytes, boolean staysOpen) {
        this.transactions = transactions;
        this.eventsPerTransaction = eventsPerTransaction;
        this.eventBytes = eventBytes;
        this.staysOpen = staysOpen;
    }

    /** Says where it begins before the first event, as the contract asks. */
    ScriptedSource startingWithACommit() {
        startsWithACommit = true;
        return this;
    }

    /** Reads on when there is no room. */
    ScriptedSource thatCannotPause() {
        cannotPause = true;
        return this;
    }

    /** What it handed on comes no second time. */
    ScriptedSource thatCannotReadAgain() {
        cannotReadAgain = true;
        return this;
    }

    @Override
    public boolean canReadAgain() {
        return !cannotReadAgain;
    }

    @Override
    public boolean canPause() {
        return !cannotPause;
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
        if (refusals > 0) {
            refusals--;
            throw new Failure.Retryable("nobody answers", null);
        }
        At from = (At) feed.resumeFrom();
        feed.lagBytes(0);
        if (from == null && startsWithACommit) {
            feed.commit(new At(0));
        }
        for (int n = 1; n <= transactions && !feed.stopped(); n++) {
            if (isBefore(from, n) || isBefore(forgotten, n)) {
                continue;
            }
            if (breaksOnceAtHalf && n > transactions / 2) {
                breaksOnceAtHalf = false;
                throw new Failure.Retryable("the cable was pulled", null);
            }
            while (n > happenedUpTo) {
                if (feed.stopped()) {
                    return;
                }
                feed.idle();
                durableSeen = feed.durable();
                Thread.onSpinWait();
            }
            for (int i = 0; i < eventsPerTransaction; i++) {
                while (!cannotPause && !feed.hasRoom()) {
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

    private static boolean isBefore(Position position, int n) {
        return position != null && position.covers(At.transaction(n));
    }

    @Override
    public void close() {}
}
