package io.deltaforge.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a log, mostly a line.
 *
 * @param transaction what was read together with it; its time is that of the reading
 * @param data holds the message between {@code start} and {@code end}, in UTF-8 if it is text at all, without the line's
 *     end; shared with other entries and not to be changed
 * @param offset where the entry begins in its stream
 * @param next where the entry behind it begins
 * @param ordinal its number in its transaction, from 0
 * @param timeMicros when it was written, in microseconds since 1970-01-01T00:00:00Z; when it was read, where nobody said
 * @param level as its source told it; {@code null} where only the message may tell
 * @param fields what its source told about it beside the message, e.g. syslog's structured data
 * @param truncated true when the message is only the beginning of one that was too long
 */
@SuppressWarnings("ArrayRecordComponent") // entries are not compared, and data is not copied
public record LogEntry(
        Transaction transaction,
        LogStream stream,
        byte[] data,
        int start,
        int end,
        long offset,
        long next,
        int ordinal,
        long timeMicros,
        @Nullable LogLevel level,
        Map<String, String> fields,
        boolean truncated)
        implements Event {

    private static final int OVERHEAD_BYTES = 96;
    private static final int FIELD_OVERHEAD_BYTES = 96;

    @Override
    public long lsn() {
        return offset;
    }

    @Override
    public int sizeBytes() {
        int bytes = OVERHEAD_BYTES + end - start;
        if (!fields.isEmpty()) {
            for (Map.Entry<String, String> field : fields.entrySet()) {
                bytes += FIELD_OVERHEAD_BYTES
                        + field.getKey().length()
                        + field.getValue().length();
            }
        }
        return bytes;
    }

    @Override
    public Position position() {
        return stream.positions() == null
                ? transaction.position()
                : stream.positions().apply(next);
    }
}
