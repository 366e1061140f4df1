package io.deltaforge.spi;

import io.deltaforge.event.SourceInfo;

/**
 * What a sink may know of the pipeline it serves.
 *
 * @param pipeline {@code metadata.name}
 * @param sendMaxBytes about as much may it hold of what it is sending, encoded, besides the batches themselves
 */
public record SinkContext(String pipeline, SourceInfo source, long sendMaxBytes) {}
