package io.deltaforge.event;

/**
 * The source transaction that events belong to; one object, shared by all of them.
 *
 * @param source where it happened
 * @param id the database's transaction number, e.g. PostgreSQL's xid
 * @param commitMicros when it was committed, in microseconds since 1970-01-01T00:00:00Z
 * @param lsn where its commit lies in the log; 0 where a source has no log numbers
 * @param previousLsn where the commit before it lies, 0 when unknown
 * @param position what a checkpoint must cover for these events to count as delivered
 */
public record Transaction(
        SourceInfo source, long id, long commitMicros, long lsn, long previousLsn, Position position) {}
