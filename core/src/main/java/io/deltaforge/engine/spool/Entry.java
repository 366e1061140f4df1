package io.deltaforge.engine.spool;

import io.deltaforge.spi.Batch;

/**
 * A batch in a sink's queue.
 *
 * @param number counts the sink's batches without a gap, also from memory to disk and through restarts with a spool
 */
public record Entry(long number, Batch batch) {}
