package io.deltaforge.event;

/**
 * Where events come from; the same for every event of one source.
 *
 * @param connector the kind of source, e.g. {@code postgresql}
 * @param id the source's {@code id} in the pipeline file
 * @param database the database captured, or an empty string where a source has none
 */
public record SourceInfo(String connector, String id, String database) {}
