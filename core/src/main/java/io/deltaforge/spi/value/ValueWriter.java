package io.deltaforge.spi.value;

import io.deltaforge.spi.DocumentWriter;

/** Writes the values of one column, given in the text form of its {@link io.deltaforge.event.DataType.Kind}. */
@FunctionalInterface
public interface ValueWriter {

    /** Writes {@code data[from..to)} as exactly one value. */
    void write(byte[] data, int from, int to, DocumentWriter out);
}
