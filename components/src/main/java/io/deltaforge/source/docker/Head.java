package io.deltaforge.source.docker;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What stands before the body of an answer (RFC 9112).
 *
 * @param headers by their names in lower case
 */
record Head(int status, Map<String, String> headers) {
    private static final int MAX_LINE = 16 * 1024;
    private static final int MAX_HEADERS = 200;

    static Head read(InputStream in) throws IOException {
        String[] status = line(in, MAX_LINE).split(" ", 3);
        if (status.length < 2 || !status[0].startsWith("HTTP/1.") || !status[1].matches("[1-5][0-9][0-9]")) {
            throw new IOException("what listens there does not speak HTTP");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in, MAX_LINE); !line.isEmpty(); line = line(in, MAX_LINE)) {
            int colon = line.indexOf(':');
            if (colon < 1 || headers.size() >= MAX_HEADERS) {
                throw new IOException("the engine's answer has a head that is none");
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(status[1]), headers);
    }

    /** Up to the newline, without it and the carriage return before it. */
    static String line(InputStream in, int maxBytes) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the engine's answer breaks off");
            }
            if (line.size() == maxBytes) {
                throw new IOException("the engine's answer has a line that is too long");
            }
            line.write(b);
        }
        String text = line.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
