package io.deltaforge.server;

import io.deltaforge.engine.PipelineStatus;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as the API shows it.
 *
 * @param status looks anew at every call
 */
public record PipelineView(
        String name, @Nullable String tenant, Map<String, String> labels, Supplier<PipelineStatus> status) {}
