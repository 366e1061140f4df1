package io.deltaforge.spi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * The identity of an event: where its transaction lies in the log and its number in it, e.g. {@code 0/16B3748:12}; of a log
 * entry, its stream and its offset there. The same event has the same identity whenever it is read again, so consumers can tell a replay. Confined to one thread.
 */
public final class EventId {
    private @Nullable Transaction transaction;
    private @Nullable LogStream stream;
    private byte[] buffer = new byte[64];
    private int prefixLength;

    /** The identity in ASCII, in a new array. */
    public byte[] bytes(Event event) {
        int length = fill(event);
        byte[] id = new byte[length];
        System.arraycopy(buffer, 0, id, 0, length);
        return id;
    }

    /** Writes the identity as a text value. */
    public void write(Event event, DocumentWriter out) {
        out.plainText(buffer, 0, fill(event));
    }

    @SuppressWarnings("ReferenceEquality") // one object a transaction
    private int fill(Event event) {
        if (event instanceof LogEntry entry) {
            if (entry.stream() != stream) {
                stream = entry.stream();
                transaction = null;
                begin(stream.id());
            }
            return Digits.put(entry.offset(), buffer, prefixLength);
        }
        if (event.transaction() != transaction) {
            transaction = event.transaction();
            stream = null;
            begin(transaction.position().text());
        }
        return Digits.put(event.ordinal(), buffer, prefixLength);
    }

    private void begin(String id) {
        byte[] prefix = (id + ':').getBytes(ISO_8859_1);
        if (buffer.length < prefix.length + Digits.MAX_LENGTH) {
            buffer = new byte[prefix.length + Digits.MAX_LENGTH];
        }
        System.arraycopy(prefix, 0, buffer, 0, prefix.length);
        prefixLength = prefix.length;
    }
}
