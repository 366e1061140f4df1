package io.deltaforge.spi.value;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import java.util.Objects;

/** A document that nobody keeps; counts its values and insists that ranges exist. */
final class Discarded implements DocumentWriter {
    private long values;

    long values() {
        return values;
    }

    @Override
    public void beginObject() {
        values++;
    }

    @Override
    public void endObject() {}

    @Override
    public void beginArray() {
        values++;
    }

    @Override
    public void endArray() {}

    @Override
    public void name(FieldName name) {}

    @Override
    public void text(byte[] utf8, int from, int to) {
        Objects.checkFromToIndex(from, to, utf8.length);
        values++;
    }

    @Override
    public void text(String text) {
        values++;
    }

    @Override
    public void plainText(byte[] ascii, int from, int to) {
        Objects.checkFromToIndex(from, to, ascii.length);
        values++;
    }

    @Override
    public void bytes(byte[] content, int from, int to) {
        Objects.checkFromToIndex(from, to, content.length);
        values++;
    }

    @Override
    public void number(long value) {
        values++;
    }

    @Override
    public void number(byte[] digits, int from, int to) {
        Objects.checkFromToIndex(from, to, digits.length);
        values++;
    }

    @Override
    public void bool(boolean value) {
        values++;
    }

    @Override
    public void nul() {
        values++;
    }

    @Override
    public void json(byte[] utf8, int from, int to) {
        Objects.checkFromToIndex(from, to, utf8.length);
        values++;
    }
}
