package io.deltaforge.spi.intake;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.Transaction;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry that has arrived and has no number yet; its parts are those of {@link LogEntry}. */
@SuppressWarnings("ArrayRecordComponent") // not compared, and data is not copied
public record Draft(
        LogStream stream,
        byte[] data,
        int start,
        int end,
        long timeMicros,
        @Nullable LogLevel level,
        Map<String, String> fields,
        boolean truncated) {

    /** Of the draft and what the engine makes of it, beside message and fields. */
    private static final int OVERHEAD_BYTES = 160;

    private static final int FIELD_OVERHEAD_BYTES = 96;

    LogEntry numbered(Transaction transaction, long number, int ordinal) {
        return new LogEntry(
                transaction,
                stream,
                data,
                start,
                end,
                number,
                number + 1,
                ordinal,
                timeMicros,
                level,
                fields,
                truncated);
    }

    /** The same entry, of which a copy begins there. */
    public Draft in(byte[] copy, int at) {
        return new Draft(stream, copy, at, at + end - start, timeMicros, level, fields, truncated);
    }

    /** About what it takes in memory. */
    long sizeBytes() {
        long bytes = (long) OVERHEAD_BYTES + end - start;
        for (Map.Entry<String, String> field : fields.entrySet()) {
            bytes += FIELD_OVERHEAD_BYTES
                    + field.getKey().length()
                    + field.getValue().length();
        }
        return bytes;
    }
}
