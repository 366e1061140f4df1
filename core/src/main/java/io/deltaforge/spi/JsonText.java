package io.deltaforge.spi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** JSON's rules for strings (RFC 8259, section 7), for text that is prepared once; the hot path has its own writer. */
public final class JsonText {
    private JsonText() {}

    /** The text as a JSON string in UTF-8, followed by {@code suffix}. */
    public static byte[] quoted(String text, String suffix) {
        StringBuilder json = new StringBuilder(text.length() + 2 + suffix.length());
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            byte[] escape = c < 0x80 ? ESCAPES[c] : null;
            if (escape == null) {
                json.append(c);
            } else {
                json.append(new String(escape, ISO_8859_1));
            }
        }
        return json.append('"').append(suffix).toString().getBytes(UTF_8);
    }

    /**
     * What a byte becomes inside a JSON string: {@code null} for itself. Indexed by ASCII code; other bytes of UTF-8 stand
     * for themselves.
     */
    private static final byte[][] ESCAPES = escapes();

    /** The escape of an ASCII character, or {@code null} when it stands for itself; not to be changed. */
    public static byte @org.jspecify.annotations.Nullable [] escape(int ascii) {
        return ESCAPES[ascii];
    }

    private static byte[][] escapes() {
        byte[][] table = new byte[128][];
        for (int c = 0; c < 0x20; c++) {
            table[c] = "\\u%04x".formatted(c).getBytes(ISO_8859_1);
        }
        table['"'] = new byte[] {'\\', '"'};
        table['\\'] = new byte[] {'\\', '\\'};
        table['\b'] = new byte[] {'\\', 'b'};
        table['\f'] = new byte[] {'\\', 'f'};
        table['\n'] = new byte[] {'\\', 'n'};
        table['\r'] = new byte[] {'\\', 'r'};
        table['\t'] = new byte[] {'\\', 't'};
        return table;
    }
}
