package io.deltaforge.sink.file;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Lines of text, one after the other. Confined to one thread at a time. */
final class Lines {
    private byte[] bytes = new byte[4096];
    private int length;

    /** Adds a JSON document as one line: the line breaks that JSON allows between its parts become spaces. */
    void add(byte[] document) {
        ensure(document.length + 1);
        for (byte b : document) {
            bytes[length++] = b == '\n' || b == '\r' ? (byte) ' ' : b;
        }
        bytes[length++] = '\n';
    }

    private void ensure(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * bytes.length)));
        }
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, length);
    }
}
