package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one sink, in the order of the log. The source thread offers, the delivery thread polls and tells what was
 * delivered, the checkpoint thread syncs; the rest is thread-safe.
 */
sealed interface Backlog permits QueueBacklog, SpoolingBacklog {

    /**
     * What waits on disk.
     *
     * @param events not yet taken from there
     * @param bytes as they lie there
     * @param skipped events that found no space, since the start
     */
    record Spooled(long events, long bytes, long skipped) {
        static final Spooled NOTHING = new Spooled(0, 0, 0);
    }

    /** Commit time of the oldest event in these; 0 when they have none. */
    static long oldestCommitMicros(Iterable<Entry> entries) {
        for (Entry entry : entries) {
            if (entry.batch().size() > 0) {
                return entry.batch().event(0).transaction().commitMicros();
            }
        }
        return 0;
    }

    /** Never blocks. Returns true when there is something to {@link #sync}. */
    boolean offer(Batch batch);

    /** The next one to send; {@code null} when there is none. */
    @Nullable
    Entry poll();

    /** The sink holds the oldest one that was polled. */
    void delivered(Entry entry);

    /** True when there is nothing to poll. */
    boolean isEmpty();

    /** True when everything that is not delivered, polled or not, is on disk. */
    boolean isOnDisk();

    /** How many events were taken in, since the start or left from before it. */
    long acceptedEvents();

    /** Commit time of the oldest event that waits, in microseconds since 1970; 0 when none does. Any thread. */
    long oldestCommitMicros();

    /** What the sink holds beside its checkpoint, because it is safe on disk; {@code null} when that is nothing. */
    @Nullable
    Position held();

    /** Makes safe what is on disk, and returns {@link #held}. */
    @Nullable
    Position sync();

    /** The checkpoint is durable and covers everything up to this one. */
    void checkpointed(long number);

    Spooled spooled();

    /** Frees files when no thread works on it any more. */
    void close();
}
