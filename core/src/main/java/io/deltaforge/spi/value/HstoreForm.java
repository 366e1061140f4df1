package io.deltaforge.spi.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.spi.DocumentWriter;
import io.deltaforge.spi.FieldName;

/**
 * hstore as an object of texts and nulls: {@code "k"=>"v", "n"=>NULL}, PostgreSQL manual §F.17. Confined to one thread.
 */
public final class HstoreForm implements ValueWriter {
    private final Scratch scratch = new Scratch();
    private byte[] text = new byte[0];
    private int end;

    @Override
    public void write(byte[] data, int from, int to, DocumentWriter out) {
        out.beginObject();
        int at = from;
        while (at < to) {
            int length = unquote(data, at, to);
            out.name(new FieldName(new String(text, 0, length, UTF_8)));
            at = skip(data, end, to, '=', '>');
            if (at < to && data[at] == 'N') {
                out.nul();
                at += 4;
            } else {
                length = unquote(data, at, to);
                out.text(text, 0, length);
                at = end;
            }
            if (at < to) {
                at = skip(data, at, to, ',', ' ');
            }
        }
        out.endObject();
    }

    /** Copies the quoted text at {@code from} without its escapes into {@link #text}; moves {@link #end} after it. */
    private int unquote(byte[] data, int from, int to) {
        if (from >= to || data[from] != '"') {
            throw Malformed.text("hstore", data, from, to);
        }
        text = scratch.ofSize(to - from);
        int length = 0;
        int at = from + 1;
        while (at < to && data[at] != '"') {
            if (data[at] == '\\') {
                at++;
            }
            if (at < to) {
                text[length++] = data[at++];
            }
        }
        if (at >= to) {
            throw Malformed.text("hstore", data, from, to);
        }
        end = at + 1;
        return length;
    }

    private static int skip(byte[] data, int from, int to, char first, char second) {
        if (to - from < 2 || data[from] != first || data[from + 1] != second) {
            throw Malformed.text("hstore", data, from, to);
        }
        return from + 2;
    }
}
