package io.deltaforge.spi.value;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The error for text that is not of its kind's form; it never quotes the value, which may be a secret. */
public final class Malformed {
    private static final String PUNCTUATION = " \"#$%&'()*+,-./:;<=>?@[\\]^_{|}~";

    private Malformed() {}

    /** The error for {@code data[from..to)}, which should have been the text form of {@code kind}. */
    public static IllegalArgumentException text(String kind, byte[] data, int from, int to) {
        return new IllegalArgumentException("not the text form of " + kind + ": " + shape(data, from, to));
    }

    /** Letters as {@code a}, digits as {@code 0}: enough to see what went wrong. */
    private static String shape(byte[] data, int from, int to) {
        int length = Math.max(0, Math.min(to - from, 40));
        byte[] shape = new byte[length];
        for (int i = 0; i < length; i++) {
            byte b = data[from + i];
            if (b >= '0' && b <= '9') {
                shape[i] = '0';
            } else {
                shape[i] = PUNCTUATION.indexOf(b) >= 0 ? b : (byte) 'a';
            }
        }
        return new String(shape, UTF_8) + (length < to - from ? "..." : "");
    }
}
