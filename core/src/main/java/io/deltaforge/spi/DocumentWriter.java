package io.deltaforge.spi;

/**
 * Receives the structure of a document, piece by piece and in order, and turns it into bytes. Confined to one thread.
 *
 * <p>In an object every value is preceded by its {@link #name}. Byte ranges are UTF-8 and are copied before the call
 * returns.
 */
public interface DocumentWriter {
    void beginObject();

    void endObject();

    void beginArray();

    void endArray();

    void name(FieldName name);

    /** Text of any content. */
    void text(byte[] utf8, int from, int to);

    void text(String text);

    default void text(TextConstant text) {
        text(text.toString());
    }

    /** Text known to hold only printable ASCII without quotes and backslashes. */
    void plainText(byte[] ascii, int from, int to);

    /** Bytes, in the encoding's way: base64 text in JSON. */
    void bytes(byte[] content, int from, int to);

    void number(long value);

    /** A number already in JSON's syntax. */
    void number(byte[] digits, int from, int to);

    void bool(boolean value);

    void nul();

    /** A document already in JSON's syntax, to be embedded as it is. */
    void json(byte[] utf8, int from, int to);
}
