package io.deltaforge.engine;

import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.SpoolPolicy;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline ready to run.
 *
 * @param queueMaxBytes what may wait for one sink or be on the way to it; when it is reached the source stops reading, or,
 *     for a sink that is not required, its batches go to disk
 * @param spooling for sinks that are not required; also looked through when all are, for what one left that was not before
 */
public record PipelineSpec(
        String name,
        Source source,
        List<Sink> sinks,
        BatchPolicy batch,
        CommitPolicy commitPolicy,
        long queueMaxBytes,
        @Nullable Spooling spooling) {

    /** Some 15,000 rows of a kilobyte: enough to ride out a broker's pause, small beside the heap. */
    public static final long DEFAULT_QUEUE_MAX_BYTES = 16L << 20;

    /**
     * Where batches wait on disk.
     *
     * @param directory of all pipelines; each sink has a folder of its own in it
     */
    public record Spooling(Path directory, SpoolPolicy policy) {}

    public PipelineSpec {
        sinks = List.copyOf(sinks);
        if (sinks.isEmpty()) {
            throw new IllegalArgumentException("a pipeline needs at least one sink");
        }
        if (commitPolicy.mode() == CommitPolicy.Mode.QUORUM && commitPolicy.quorum() > sinks.size()) {
            throw new IllegalArgumentException("quorum must not be larger than the number of sinks");
        }
        if (spooling == null && !sinks.stream().allMatch(Sink::required)) {
            throw new IllegalArgumentException("a sink that is not required needs a place on disk");
        }
    }

    /** A pipeline whose sinks are all required. */
    public PipelineSpec(
            String name,
            Source source,
            List<Sink> sinks,
            BatchPolicy batch,
            CommitPolicy commitPolicy,
            long queueMaxBytes) {
        this(name, source, sinks, batch, commitPolicy, queueMaxBytes, null);
    }
}
