package io.deltaforge.spi.value;

import io.deltaforge.spi.JsonText;
import java.io.ByteArrayOutputStream;

/** The text form of hstore: {@code "k"=>"v", "n"=>NULL}, PostgreSQL manual §F.17. */
public final class HstoreText {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final byte[] data;
    private final int to;
    private int at;
    private final ByteArrayOutputStream json;

    private HstoreText(byte[] data, int from, int to) {
        this.data = data;
        this.to = to;
        this.at = from;
        this.json = new ByteArrayOutputStream(to - from + 16);
    }

    /** {@code data[from..to)} as a JSON object of texts and nulls. */
    public static byte[] json(byte[] data, int from, int to) {
        HstoreText text = new HstoreText(data, from, to);
        text.pairs();
        return text.json.toByteArray();
    }

    private void pairs() {
        json.write('{');
        while (at < to) {
            quoted();
            expect('=');
            expect('>');
            json.write(':');
            if (at < to && data[at] == 'N') {
                expect('N');
                expect('U');
                expect('L');
                expect('L');
                json.writeBytes(NULL);
            } else {
                quoted();
            }
            if (at < to) {
                expect(',');
                expect(' ');
                json.write(',');
            }
        }
        json.write('}');
    }

    private void quoted() {
        expect('"');
        json.write('"');
        while (at < to && data[at] != '"') {
            if (data[at] == '\\') {
                at++;
            }
            if (at < to) {
                character(data[at++]);
            }
        }
        expect('"');
        json.write('"');
    }

    private void character(byte b) {
        byte[] escape = b >= 0 ? JsonText.escape(b) : null;
        if (escape == null) {
            json.write(b);
        } else {
            json.writeBytes(escape);
        }
    }

    private void expect(char c) {
        if (at >= to || data[at] != c) {
            throw Malformed.text("hstore", data, Math.min(at, to), to);
        }
        at++;
    }
}
