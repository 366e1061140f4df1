package io.deltaforge.spi.intake;

/** Splits bytes at newlines; a carriage return before one belongs to it. */
public final class Lines {

    /** Takes one line, without its end. */
    public interface Taker {
        /** @param truncated true when the line was longer and this is its beginning */
        void line(int start, int end, boolean truncated);
    }

    private Lines() {}

    /**
     * Every line that ends between the two places.
     *
     * @param maxBytes most of a line that are taken
     * @return where the line begins that does not end; {@code end} when there is none
     */
    public static int split(byte[] data, int start, int end, int maxBytes, Taker taker) {
        int lineStart = start;
        for (int i = start; i < end; i++) {
            if (data[i] == '\n') {
                take(data, lineStart, i, maxBytes, taker);
                lineStart = i + 1;
            }
        }
        return lineStart;
    }

    /** One line of which nothing more comes. */
    public static void take(byte[] data, int start, int end, int maxBytes, Taker taker) {
        int lineEnd = end > start && data[end - 1] == '\r' ? end - 1 : end;
        boolean truncated = lineEnd - start > maxBytes;
        taker.line(start, truncated ? start + maxBytes : lineEnd, truncated);
    }
}
