package io.deltaforge.engine;

import io.deltaforge.spi.Pressure;

/**
 * Told what a pipeline does, once a batch and never once an event. Called on the engine's threads: implementations return
 * at once and are thread-safe; what they do not override they do not hear.
 */
public interface PipelineMonitor {

    /** A batch was handed to the sink's client; {@code nanos} is the time that handing over took. */
    default void batchSent(String sink, int events, long nanos) {}

    /**
     * A batch is held durably by the sink.
     *
     * @param nanos from the handing over to the last acknowledgement
     * @param sinceCommitNanos from the source's commit of the batch's last event until now; negative clocks count as 0
     */
    default void batchDelivered(String sink, int events, long nanos, long sinceCommitNanos) {}

    /** A checkpoint became durable; {@code nanos} is how long writing it took. */
    default void checkpointSaved(long nanos) {}

    /** A delivery failed; {@code kind} is {@code retryable}, {@code rejected} or {@code fatal}. */
    default void sinkFailed(String sink, String kind) {}

    /** So many events were on the way when a delivery failed, and did not arrive as far as anybody can tell. */
    default void eventsNotAcknowledged(String sink, int events) {}

    /** A sink that is not required misses these events for good: its spool is full and may drop. */
    default void eventsSkipped(String sink, int events) {}

    /** A sink's queue filled up to this step; told each time, and not while it stays there. */
    default void pressureRose(String sink, Pressure step) {}

    /** Events of a source that cannot pause are lost, because this sink's queue had no place and its policy is to drop. */
    default void eventsDropped(String sink, int events) {}

    /** So many failures in a row that the sink is left alone for a while. */
    default void breakerOpened(String sink) {}

    /** Reading failed; {@code kind} is {@code retryable} or {@code fatal}. */
    default void sourceFailed(String kind) {}

    /** Hears nothing. */
    PipelineMonitor NONE = new PipelineMonitor() {};
}
