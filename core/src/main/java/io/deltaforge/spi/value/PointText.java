package io.deltaforge.spi.value;

/** The text form {@code (x,y)}. */
public final class PointText {
    private PointText() {}

    /** Where the comma lies: x is {@code (from + 1, comma)}, y is {@code (comma + 1, to - 1)}. */
    public static int comma(byte[] data, int from, int to) {
        if (to - from >= 5 && data[from] == '(' && data[to - 1] == ')') {
            for (int i = from + 1; i < to - 1; i++) {
                if (data[i] == ',') {
                    return i;
                }
            }
        }
        throw Malformed.text("point", data, from, to);
    }
}
