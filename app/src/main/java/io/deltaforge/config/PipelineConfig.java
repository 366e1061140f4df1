package io.deltaforge.config;

import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Dlq;
import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.JournalPolicy;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkPolicy;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.SpoolPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline file without a problem. Its components are made, but have not touched a network or disk.
 *
 * @param file as it was named on the command line
 * @param name unique among the pipelines of the process
 * @param sinkBatchDeadline after which a batch that a sink has not acknowledged is sent again; {@code null}: never
 * @param filters what each sink is given, by its id
 * @param sinkTypes what each sink is, by its id, e.g. {@code kafka}
 * @param policies how each sink is treated, by its id
 */
public record PipelineConfig(
        String file,
        String name,
        @Nullable String tenant,
        Map<String, String> labels,
        Source source,
        List<Sink> sinks,
        BatchPolicy batch,
        CommitPolicy commitPolicy,
        SpoolPolicy spool,
        JournalPolicy journal,
        @Nullable Dlq dlq,
        @Nullable Duration sinkBatchDeadline,
        Map<String, EventFilter> filters,
        Map<String, String> sinkTypes,
        Map<String, SinkPolicy> policies) {}
