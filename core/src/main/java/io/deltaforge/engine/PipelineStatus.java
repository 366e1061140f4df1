package io.deltaforge.engine;

import io.deltaforge.reliability.FailureBreaker;
import io.deltaforge.spi.Pressure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What can be seen of a pipeline from outside, at one moment.
 *
 * @param eventsRead since the start
 * @param sourceLagBytes how far the log's end is ahead of what was read
 * @param newestCommitMicros commit time of the newest event read, in microseconds since 1970; 0 before the first
 * @param durable the position that the source may forget up to
 */
public record PipelineStatus(
        String name,
        PipelineState state,
        String source,
        long eventsRead,
        long sourceLagBytes,
        long newestCommitMicros,
        @Nullable String durable,
        List<SinkStatus> sinks) {

    /**
     * One sink of it.
     *
     * @param eventsDelivered since the start
     * @param eventsPending read from the source and not covered by the checkpoint yet
     * @param oldestPendingCommitMicros commit time of the oldest event not delivered; 0 when there is none
     * @param checkpoint the durable position
     * @param trouble why deliveries fail at the moment
     * @param spooledEvents waiting on disk, because the sink does not keep up and the others must not wait
     * @param spooledBytes what its spool takes on disk
     * @param skippedEvents that it misses since the start, because its spool was full
     * @param queue what waits in memory or is on the way
     * @param breaker whether it is left alone after failures; closed where there is no circuit breaker
     */
    public record SinkStatus(
            String id,
            boolean required,
            long eventsDelivered,
            long eventsPending,
            long oldestPendingCommitMicros,
            @Nullable String checkpoint,
            @Nullable String trouble,
            long spooledEvents,
            long spooledBytes,
            long skippedEvents,
            QueueStatus queue,
            FailureBreaker.State breaker) {}

    /**
     * A sink's queue.
     *
     * @param events waiting or on the way
     * @param bytes the same, as they lie in memory
     * @param utilization 1 when it is full, by what is scarcer, bytes or events
     */
    public record QueueStatus(long events, long bytes, double utilization, Pressure pressure) {
        public static final QueueStatus EMPTY = new QueueStatus(0, 0, 0, Pressure.NORMAL);
    }
}
