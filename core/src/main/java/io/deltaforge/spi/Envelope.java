package io.deltaforge.spi;

import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;

/** The structure of a record's value. A definition: immutable, shared; its {@link #writer} does the work. */
public interface Envelope {

    /** A new writer, for one thread. */
    Writer writer();

    /** The MIME type of the structure in the given encoding's base type, e.g. {@code application/json}. */
    default String contentType(String encodingType) {
        return encodingType;
    }

    /** True when the value is meant to be the whole record: no identity and no content type go with it. */
    default boolean isBare() {
        return false;
    }

    /** Writes events in this envelope. Confined to one thread. */
    interface Writer {
        void writeValue(Event event, DocumentWriter out);

        /** Writes the primary key of the row; called only for tables that have one. */
        void writeKey(RowChange change, DocumentWriter out);
    }
}
