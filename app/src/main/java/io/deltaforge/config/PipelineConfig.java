package io.deltaforge.config;

import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.SpoolPolicy;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline file without a problem. Its components are made, but have not touched a network or disk.
 *
 * @param file as it was named on the command line
 * @param name unique among the pipelines of the process
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
        SpoolPolicy spool) {}
