package io.deltaforge.engine;

import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import org.jspecify.annotations.Nullable;

/** How far the source has read. Written by the source thread, read by any. */
final class SourceProgress {
    private volatile long events;
    private volatile long lagBytes;
    private volatile long signsOfLife;
    private volatile long newestCommitMicros;
    private volatile @Nullable Position newestCommit;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void taken(Batch batch) {
        signsOfLife++;
        if (batch.size() > 0) {
            events += batch.size();
            newestCommitMicros = batch.event(batch.size() - 1).transaction().commitMicros();
        }
        Position commit = batch.commit();
        Position newest = newestCommit;
        // after going back to the checkpoints what was read before is read once more
        if (commit != null && (newest == null || newest.earliest(commit).equals(newest))) {
            newestCommit = commit;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void lagBytes(long bytes) {
        lagBytes = bytes;
        signsOfLife++;
    }

    /** Grows whenever the source shows that it is reading, even where there is nothing to read. */
    long signsOfLife() {
        return signsOfLife;
    }

    long events() {
        return events;
    }

    long lagBytes() {
        return lagBytes;
    }

    /** The furthest that was read; {@code null} before the first. */
    @Nullable
    Position newestCommit() {
        return newestCommit;
    }

    /** Commit time of the newest event read, in microseconds since 1970; 0 before the first. */
    long newestCommitMicros() {
        return newestCommitMicros;
    }
}
