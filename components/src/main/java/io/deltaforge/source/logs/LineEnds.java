package io.deltaforge.source.logs;

/** Where lines end: at a line feed, of one byte or of two. */
enum LineEnds {
    BYTES(1),
    UTF16_LITTLE(2),
    UTF16_BIG(2);

    private final int width;

    LineEnds(int width) {
        this.width = width;
    }

    /** How many bytes a line feed takes. */
    int width() {
        return width;
    }

    /** The index of the first line feed from {@code from} on and before {@code to}; -1 without one. */
    int next(byte[] data, int from, int to) {
        if (this == BYTES) {
            return Newlines.next(data, from, to);
        }
        for (int i = from; i + 1 < to; i += 2) {
            if (isFeed(data, i)) {
                return i;
            }
        }
        return -1;
    }

    /** Behind the last line feed before {@code length}; 0 without one. */
    int whole(byte[] data, int length) {
        if (this == BYTES) {
            return Newlines.last(data, 0, length) + 1;
        }
        for (int i = (length & ~1) - 2; i >= 0; i -= 2) {
            if (isFeed(data, i)) {
                return i + 2;
            }
        }
        return 0;
    }

    boolean isFeed(byte[] data, int at) {
        return switch (this) {
            case BYTES -> data[at] == '\n';
            case UTF16_LITTLE -> data[at] == '\n' && data[at + 1] == 0;
            case UTF16_BIG -> data[at] == 0 && data[at + 1] == '\n';
        };
    }

    boolean isReturn(byte[] data, int at) {
        return switch (this) {
            case BYTES -> data[at] == '\r';
            case UTF16_LITTLE -> data[at] == '\r' && data[at + 1] == 0;
            case UTF16_BIG -> data[at] == 0 && data[at + 1] == '\r';
        };
    }
}
