package io.deltaforge.spi.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;
import io.deltaforge.spi.JsonText;
import java.util.Base64;

/** A document as JSON text, the slow and obvious way, for tests to look at. */
public final class WrittenText implements DocumentWriter {
    private final StringBuilder json = new StringBuilder();
    private boolean first = true;

    /** What the writer makes of a value in text form. */
    public static String of(ValueWriter writer, String text) {
        WrittenText written = new WrittenText();
        byte[] utf8 = ("<<" + text + ">>").getBytes(UTF_8); // values lie in the middle of something else
        writer.write(utf8, 2, utf8.length - 2, written);
        return written.toString();
    }

    @Override
    public void beginObject() {
        value("{");
        first = true;
    }

    @Override
    public void endObject() {
        json.append('}');
        first = false;
    }

    @Override
    public void beginArray() {
        value("[");
        first = true;
    }

    @Override
    public void endArray() {
        json.append(']');
        first = false;
    }

    @Override
    public void name(FieldName name) {
        value(new String(name.json(), UTF_8));
        first = true;
    }

    @Override
    public void text(byte[] utf8, int from, int to) {
        text(new String(utf8, from, to - from, UTF_8));
    }

    @Override
    public void text(String text) {
        value(new String(JsonText.quoted(text, ""), UTF_8));
    }

    @Override
    public void plainText(byte[] ascii, int from, int to) {
        String text = new String(ascii, from, to - from, UTF_8);
        if (!text.matches("[ -~&&[^\"\\\\]]*")) {
            throw new AssertionError("not plain: " + text);
        }
        value('"' + text + '"');
    }

    @Override
    public void bytes(byte[] content, int from, int to) {
        byte[] part = java.util.Arrays.copyOfRange(content, from, to);
        value('"' + Base64.getEncoder().encodeToString(part) + '"');
    }

    @Override
    public void number(long value) {
        value(Long.toString(value));
    }

    @Override
    public void number(byte[] digits, int from, int to) {
        value(new String(digits, from, to - from, UTF_8));
    }

    @Override
    public void bool(boolean value) {
        value(Boolean.toString(value));
    }

    @Override
    public void nul() {
        value("null");
    }

    @Override
    public void json(byte[] utf8, int from, int to) {
        value(new String(utf8, from, to - from, UTF_8));
    }

    @Override
    public String toString() {
        return json.toString();
    }

    private void value(String text) {
        if (!first) {
            json.append(',');
        }
        json.append(text);
        first = false;
    }
}
