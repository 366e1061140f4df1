package io.deltaforge.engine;

import io.deltaforge.spi.Batch;
import io.deltaforge.spi.TransactionalSink;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What a {@link TransactionalSink} was given since its last commit.
 *
 * <p>Batches join as long as more are waiting, so that a backlog costs few commits; when none waits the transaction closes,
 * so that nobody waits for company. Every transaction of the source is whole within one. One that comes in several batches
 * has its own: these are settled as soon as they are taken, or memory would grow with it, and with them goes what a retry
 * would need.
 */
final class OpenTransaction implements Window {
    /** Readers of committed records wait this long under load. */
    private static final long MOST_NANOS = Duration.ofMillis(200).toNanos();

    private final long mostBytes;
    private final LongSupplier nanoClock;
    private long bytes;
    private long beganNanos;
    private boolean begun;
    private boolean endsAtCommit;
    private boolean closed;
    private boolean letGo;

    /** @param mostBytes that it holds; a transaction of the source that is larger passes through it */
    OpenTransaction(long mostBytes, LongSupplier nanoClock) {
        this.mostBytes = mostBytes;
        this.nanoClock = nanoClock;
    }

    @Override
    public boolean isOpen() {
        return !closed && bytes < mostBytes;
    }

    @Override
    public boolean takes(Batch batch) {
        boolean beginsLarger = batch.size() > 0 && batch.commit() == null;
        return !(beginsLarger && endsAtCommit);
    }

    @Override
    public boolean isHungry() {
        return !begun;
    }

    @Override
    public void sent(Batch batch) {
        if (batch.size() == 0) {
            // the end of a transaction whose last event just filled a batch
            endsAtCommit |= begun && batch.commit() != null;
            return;
        }
        long now = nanoClock.getAsLong();
        if (!begun) {
            begun = true;
            beganNanos = now;
        }
        bytes += batch.sizeBytes();
        endsAtCommit = batch.commit() != null;
        closed = endsAtCommit && now - beganNanos >= MOST_NANOS;
    }

    @Override
    public void settled(Batch batch) {
        if (begun && batch.size() > 0) {
            bytes -= batch.sizeBytes();
            letGo = true;
        }
    }

    @Override
    public boolean isBegun() {
        return begun;
    }

    @Override
    public boolean closes() {
        closed |= endsAtCommit;
        return closed;
    }

    @Override
    public boolean hasLetGo() {
        return letGo;
    }

    @Override
    public void reset() {
        bytes = 0;
        begun = false;
        endsAtCommit = false;
        closed = false;
        letGo = false;
    }
}
