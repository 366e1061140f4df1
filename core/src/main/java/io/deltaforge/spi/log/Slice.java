package io.deltaforge.spi.log;

import java.util.Arrays;

/** Where a value stands in a text; of a quoted one, what is between the quotes. Immutable, as long as the text is. */
public final class Slice {
    private final byte[] data;
    private final int start;
    private final int end;
    private final boolean escaped;

    private Slice(byte[] data, int start, int end, boolean escaped) {
        this.data = data;
        this.start = start;
        this.end = end;
        this.escaped = escaped;
    }

    static Slice plain(byte[] data, int start, int end) {
        return new Slice(data, start, end, false);
    }

    static Slice quoted(byte[] data, int start, int end) {
        for (int i = start; i < end; i++) {
            if (data[i] == '\\') {
                return new Slice(data, start, end, true);
            }
        }
        return new Slice(data, start, end, false);
    }

    /** The whole text; not to be changed. */
    byte[] data() {
        return data;
    }

    /** Where the value begins in the text. */
    public int start() {
        return start;
    }

    /** Behind the value's last byte in the text. */
    public int end() {
        return end;
    }

    /** True when it means something else than it says. */
    public boolean isEscaped() {
        return escaped;
    }

    /** What the value means, in UTF-8, in a new array. */
    public byte[] bytes() {
        return escaped ? JsonUnescape.bytes(data, start, end) : Arrays.copyOfRange(data, start, end);
    }
}
