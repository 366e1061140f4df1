package io.deltaforge.spi;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Delivers batches. All methods are called on the sink's delivery thread, except those that say "any thread". */
public interface Sink extends AutoCloseable {

    /** Its name in metrics, logs and checkpoints; unique in the pipeline. Any thread. */
    String id();

    /**
     * True when the source may forget nothing that this sink does not hold (commit policy {@code required}).
     * Any thread.
     */
    boolean required();

    /** What the driver underneath runs with, where there is one with settings of its own. Any thread; does no I/O. */
    default Optional<EffectiveSettings> effectiveSettings() {
        return Optional.empty();
    }

    /** What the driver underneath tells of itself; the same ones at all times, 0 while there is none. Any thread. */
    default List<Figure> figures() {
        return List.of();
    }

    /**
     * Connects and prepares; may be called again after {@link #close}.
     *
     * @throws Failure.Retryable the other side is away
     * @throws Failure.Fatal it refuses us, or the settings cannot work
     */
    void open(SinkContext context) throws Failure;

    /**
     * Sends the batch without waiting for its end; later batches may be written while earlier ones are on the way, and
     * per key their events arrive in the order of the calls.
     *
     * @return completes when the other side holds every event durably; completes with a {@link Failure} otherwise. It may
     *     complete on any thread.
     */
    CompletableFuture<Void> write(Batch batch);

    /**
     * Sends what a human made of a dead letter, as {@link #write(Batch)} sends events. A sink that cannot rejects it.
     */
    default CompletableFuture<Void> write(HandMade letter) {
        return CompletableFuture.failedFuture(new Failure.Rejected(
                List.of(new Failure.RejectedEvent(0, "unsupported", "the sink takes events only, no records."))));
    }

    /**
     * Drops whatever is still on the way, after a batch failed: the engine will write the first unacknowledged batch and
     * all after it again.
     */
    void reset() throws Failure;

    /**
     * What failed or was rejected last is kept by somebody else, and written again at another time, if ever, as if for the
     * first time: what only it lacked, {@link #reset} need not wait for.
     */
    default void forget() {}

    /**
     * Whether what is sent after the next {@link #open} or {@link #reset} may take twice as long until it counts as timed out:
     * the queue is critical, so the other side is slow, and sending everything again makes it slower.
     */
    default void stretchTimeouts(boolean twice) {}

    /** Frees connections without waiting for what is on the way; may be called after a failure and more than once. */
    @Override
    void close();
}
