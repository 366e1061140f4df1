package io.deltaforge.spi;

import io.deltaforge.event.SourceInfo;

/**
 * What a sink may know of the pipeline it serves.
 *
 * @param pipeline {@code metadata.name}
 */
public record SinkContext(String pipeline, SourceInfo source) {}
