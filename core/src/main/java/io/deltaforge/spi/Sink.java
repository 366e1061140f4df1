package io.deltaforge.spi;

import java.util.concurrent.CompletableFuture;

/** Delivers batches. All methods are called on the sink's delivery thread, except {@link #id} and {@link #required}. */
public interface Sink extends AutoCloseable {

    /** Its name in metrics, logs and checkpoints; unique in the pipeline. */
    String id();

    /** True when the source may forget nothing that this sink does not hold (commit policy {@code required}). */
    boolean required();

    /**
     * Connects and prepares.
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
     * Drops whatever is still on the way, after a batch failed: the engine will write the first unacknowledged batch and
     * all after it again.
     */
    void reset() throws Failure;

    /** Frees connections without waiting for what is on the way; may be called after a failure and more than once. */
    @Override
    void close();
}
