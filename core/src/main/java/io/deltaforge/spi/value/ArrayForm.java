package io.deltaforge.spi.value;

import io.deltaforge.spi.DocumentWriter;

/**
 * Arrays as arrays: {@code {a,"b \"c\"",NULL,{…}}}, PostgreSQL manual §8.15.6. Lower bounds other than 1
 * ({@code [2:3]={a,b}}) are dropped. Confined to one thread.
 */
public final class ArrayForm implements ValueWriter {
    private final ValueWriter element;
    private final Scratch scratch = new Scratch();

    /** @param element writes the elements, for this form alone */
    public ArrayForm(ValueWriter element) {
        this.element = element;
    }

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        int at = from;
        if (at < to && data[at] == '[') {
            while (at < to && data[at] != '=') {
                at++;
            }
            at++;
        }
        if (at >= to || data[at] != '{') {
            throw Malformed.text("array", data, from, to);
        }
        int depth = 0;
        while (at < to) {
            byte b = data[at];
            if (b == '{') {
                out.beginArray();
                depth++;
                at++;
            } else if (b == '}') {
                out.endArray();
                at++;
                if (--depth == 0) {
                    break;
                }
            } else if (b == ',') {
                at++;
            } else if (b == '"') {
                at = quoted(data, at + 1, to, out);
            } else {
                at = bare(data, at, to, out);
            }
        }
        if (depth != 0 || at != to) {
            throw Malformed.text("array", data, from, to);
        }
    }

    /** Writes the element that ends before the next comma or brace; returns where it ends. */
    private int bare(byte[] data, int from, int to, DocumentWriter out) {
        int end = from;
        while (end < to && data[end] != ',' && data[end] != '}') {
            end++;
        }
        if (isNull(data, from, end)) {
            out.nul();
        } else {
            element.write(data, from, end, out);
        }
        return end;
    }

    /** Writes the element that ends before the next quote; returns the place after the quote. */
    private int quoted(byte[] data, int from, int to, DocumentWriter out) {
        int end = from;
        int escapes = 0;
        while (end < to && data[end] != '"') {
            if (data[end] == '\\') {
                escapes++;
                end++;
            }
            end++;
        }
        if (end >= to) {
            throw Malformed.text("array", data, from - 1, to);
        }
        if (escapes == 0) {
            element.write(data, from, end, out);
        } else {
            byte[] text = scratch.ofSize(end - from - escapes);
            int length = 0;
            for (int i = from; i < end; i++) {
                if (data[i] == '\\') {
                    i++;
                }
                text[length++] = data[i];
            }
            element.write(text, 0, length, out);
        }
        return end + 1;
    }

    private static boolean isNull(byte[] data, int from, int to) {
        return to - from == 4
                && data[from] == 'N'
                && data[from + 1] == 'U'
                && data[from + 2] == 'L'
                && data[from + 3] == 'L';
    }
}
