package io.deltaforge.event;

/** Something that happened at a source, on its way to the sinks. Immutable. */
public sealed interface Event permits RowChange, Message, LogEntry {

    /** The transaction it was part of; for an event outside any, one of its own. */
    Transaction transaction();

    /** Its own place in the log, e.g. PostgreSQL's LSN of the change; not unique. */
    long lsn();

    /** Its number in its transaction, from 0. With {@link Transaction#lsn} it identifies the event through replays. */
    int ordinal();

    /** Roughly what it holds in memory, in bytes: what queues are bounded by. */
    int sizeBytes();

    /** What a checkpoint must cover for this event to count as delivered. */
    default Position position() {
        return transaction().position();
    }
}
