package io.deltaforge.spi;

import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;
import org.jspecify.annotations.Nullable;

/** The bytes of a record. A definition: immutable, shared; its {@link #encoder} does the work. */
public interface Encoding {

    /** A new encoder, for one thread. */
    Encoder encoder(Envelope envelope);

    /** Turns events into bytes. Confined to one thread. */
    interface Encoder {
        /** The MIME type of {@link #value}. */
        String contentType();

        /** What {@link Envelope#isBare} says. */
        default boolean isBare() {
            return false;
        }

        /** A new array, for the caller to keep. */
        byte[] value(Event event);

        /** The primary key in a new array; {@code null} when the table has none or the event is of no row. */
        byte @Nullable [] key(RowChange change);
    }
}
