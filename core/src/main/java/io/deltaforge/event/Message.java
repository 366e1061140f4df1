package io.deltaforge.event;

/**
 * A message that an application wrote into the source's log, e.g. with {@code pg_logical_emit_message}.
 *
 * @param transactional false when it stands in the log whether or not its transaction committed
 * @param prefix the application's name for the kind of message
 * @param content the bytes as written; not copied, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // events are not compared, and content is not copied
public record Message(
        Transaction transaction, long lsn, int ordinal, boolean transactional, String prefix, byte[] content)
        implements Event {

    private static final int OVERHEAD_BYTES = 96;

    @Override
    public int sizeBytes() {
        return OVERHEAD_BYTES + prefix.length() + content.length;
    }
}
