package io.deltaforge.source.logs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Makes UTF-8 of lines in other encodings. */
final class Utf8Lines {
    private Utf8Lines() {}

    /** A new array; half a character of UTF-16 becomes U+FFFD. */
    static byte[] of(LogsSourceConfig.Encoding encoding, LineEnds ends, byte[] data, int from, int to) {
        return switch (encoding) {
            case UTF8 -> Arrays.copyOfRange(data, from, to);
            case LATIN1 -> new String(data, from, to - from, ISO_8859_1).getBytes(UTF_8);
            case UTF16 ->
                new String(data, from, to - from, ends == LineEnds.UTF16_BIG ? UTF_16BE : UTF_16LE).getBytes(UTF_8);
        };
    }
}
