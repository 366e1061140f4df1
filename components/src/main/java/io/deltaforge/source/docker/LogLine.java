package io.deltaforge.source.docker;

/**
 * A line of a container's log.
 *
 * @param nanos when it was written, since 1970-01-01T00:00:00Z
 * @param truncated true when the message is only its beginning
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record LogLine(long nanos, boolean fromStderr, byte[] message, boolean truncated) {}
