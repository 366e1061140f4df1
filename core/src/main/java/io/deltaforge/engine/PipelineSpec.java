package io.deltaforge.engine;

import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkPolicy;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.SpoolPolicy;
import io.deltaforge.spi.TransactionalSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline ready to run; {@link #of} begins one.
 *
 * @param queueMaxBytes what may wait for one sink or be on the way to it; when it is reached the source stops reading, or,
 *     for a sink that is not required, its batches go to disk
 * @param sendMaxBytes what each sink may hold of what it is sending, see {@link io.deltaforge.spi.SinkContext}
 * @param spooling for sinks that are not required; also looked through when all are, for what one left that was not before
 * @param deadLetters where events go that a sink can never take
 * @param sinkBatchDeadline after which a batch that a sink has not acknowledged is sent again; {@code null}: never
 * @param filters what a sink is given, by its id; a sink that is not among them is given everything
 * @param policies how a sink is treated, by its id; {@link SinkPolicy#NONE} for one that is not among them
 */
public record PipelineSpec(
        String name,
        Source source,
        List<Sink> sinks,
        BatchPolicy batch,
        CommitPolicy commitPolicy,
        long queueMaxBytes,
        long sendMaxBytes,
        @Nullable Spooling spooling,
        DeadLetters deadLetters,
        @Nullable Duration sinkBatchDeadline,
        Map<String, EventFilter> filters,
        Map<String, SinkPolicy> policies) {

    /** Some 15,000 rows of a kilobyte: enough to ride out a broker's pause, small beside the heap. */
    public static final long DEFAULT_QUEUE_MAX_BYTES = 16L << 20;

    /** What Kafka's producer takes by itself. */
    public static final long DEFAULT_SEND_MAX_BYTES = 32L << 20;

    /**
     * Where batches wait on disk.
     *
     * @param directory of all pipelines; each sink has a folder of its own in it
     */
    public record Spooling(Path directory, SpoolPolicy policy) {}

    public PipelineSpec {
        sinks = List.copyOf(sinks);
        filters = Map.copyOf(filters);
        policies = Map.copyOf(policies);
        if (sinks.isEmpty()) {
            throw new IllegalArgumentException("a pipeline needs at least one sink");
        }
        if (commitPolicy.mode() == CommitPolicy.Mode.QUORUM && commitPolicy.quorum() > sinks.size()) {
            throw new IllegalArgumentException("quorum must not be larger than the number of sinks");
        }
        if (spooling == null && !sinks.stream().allMatch(Sink::required)) {
            throw new IllegalArgumentException("a sink that is not required needs a place on disk");
        }
        if (!batch.respectSourceTx() && sinks.stream().anyMatch(TransactionalSink.class::isInstance)) {
            throw new IllegalArgumentException("a transactional sink needs batches that end where transactions end");
        }
        if (deadLetters.equals(DeadLetters.NONE) && policies.values().stream().anyMatch(SinkPolicy::sendsLetters)) {
            throw new IllegalArgumentException("a sink that sends dead letters needs a place for them");
        }
    }

    /** How this sink is treated. */
    SinkPolicy policyOf(Sink sink) {
        return policies.getOrDefault(sink.id(), SinkPolicy.NONE);
    }

    /** One that needs nothing more than this: its sinks are all required and given everything. */
    public static Builder of(
            String name, Source source, List<Sink> sinks, BatchPolicy batch, CommitPolicy commitPolicy) {
        return new Builder(name, source, sinks, batch, commitPolicy);
    }

    /** Confined to one thread. */
    public static final class Builder {
        private final String name;
        private final Source source;
        private final List<Sink> sinks;
        private final BatchPolicy batch;
        private final CommitPolicy commitPolicy;
        private long queueMaxBytes = DEFAULT_QUEUE_MAX_BYTES;
        private long sendMaxBytes = DEFAULT_SEND_MAX_BYTES;
        private @Nullable Spooling spooling;
        private DeadLetters deadLetters = DeadLetters.NONE;
        private @Nullable Duration sinkBatchDeadline;
        private Map<String, EventFilter> filters = Map.of();
        private Map<String, SinkPolicy> policies = Map.of();

        private Builder(String name, Source source, List<Sink> sinks, BatchPolicy batch, CommitPolicy commitPolicy) {
            this.name = name;
            this.source = source;
            this.sinks = sinks;
            this.batch = batch;
            this.commitPolicy = commitPolicy;
        }

        public Builder queueMaxBytes(long bytes) {
            queueMaxBytes = bytes;
            return this;
        }

        public Builder sendMaxBytes(long bytes) {
            sendMaxBytes = bytes;
            return this;
        }

        public Builder spooling(Spooling where) {
            spooling = where;
            return this;
        }

        public Builder deadLetters(DeadLetters letters) {
            deadLetters = letters;
            return this;
        }

        public Builder sinkBatchDeadline(@Nullable Duration deadline) {
            sinkBatchDeadline = deadline;
            return this;
        }

        public Builder filters(Map<String, EventFilter> bySink) {
            filters = bySink;
            return this;
        }

        public Builder policies(Map<String, SinkPolicy> bySink) {
            policies = bySink;
            return this;
        }

        public PipelineSpec build() {
            return new PipelineSpec(
                    name,
                    source,
                    sinks,
                    batch,
                    commitPolicy,
                    queueMaxBytes,
                    sendMaxBytes,
                    spooling,
                    deadLetters,
                    sinkBatchDeadline,
                    filters,
                    policies);
        }
    }
}
