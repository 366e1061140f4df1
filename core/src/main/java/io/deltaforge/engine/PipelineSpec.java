package io.deltaforge.engine;

import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.Source;
import java.util.List;

/**
 * A pipeline ready to run.
 *
 * @param queueMaxBytes what may wait for one sink or be on the way to it; when it is reached the source stops reading
 */
public record PipelineSpec(
        String name,
        Source source,
        List<Sink> sinks,
        BatchPolicy batch,
        CommitPolicy commitPolicy,
        long queueMaxBytes) {

    /** Some 15,000 rows of a kilobyte: enough to ride out a broker's pause, small beside the heap. */
    public static final long DEFAULT_QUEUE_MAX_BYTES = 16L << 20;

    public PipelineSpec {
        sinks = List.copyOf(sinks);
        if (sinks.isEmpty()) {
            throw new IllegalArgumentException("a pipeline needs at least one sink");
        }
        if (commitPolicy.mode() == CommitPolicy.Mode.QUORUM && commitPolicy.quorum() > sinks.size()) {
            throw new IllegalArgumentException("quorum must not be larger than the number of sinks");
        }
    }
}
