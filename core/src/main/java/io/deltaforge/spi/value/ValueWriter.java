package io.deltaforge.spi.value;

import io.deltaforge.spi.DocumentWriter;

/**
 * Writes the values of one column, given in the text form of its {@link io.deltaforge.event.DataType.Kind}. Confined to
 * one thread: it may keep a buffer.
 */
@FunctionalInterface
public interface ValueWriter {

    /**
     * Writes {@code data[from..to)} as exactly one value.
     *
     * @throws IllegalArgumentException when the bytes are not of the text form; part of the value may be written then
     */
    void write(byte[] data, int from, int to, DocumentWriter out);
}
