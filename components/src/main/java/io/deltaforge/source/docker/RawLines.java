package io.deltaforge.source.docker;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The log of a container with a terminal: lines, each behind its time. In a line longer than 16 KiB the time stands again
 * behind each such piece. Confined to one thread.
 */
final class RawLines implements LogLines {
    private static final int PIECE_BYTES = 16 * 1024;

    private final InputStream in;
    private final int maxLineBytes;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    RawLines(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    @Override
    public @Nullable LogLine next() throws IOException {
        // the times in between come on top
        long mostBytes = maxLineBytes + (maxLineBytes / PIECE_BYTES + 2L) * Timestamp.LENGTH;
        line.reset();
        boolean cut = false;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (line.size() > 0) {
                    throw new EOFException("the log breaks off inside a line");
                }
                return null;
            }
            if (line.size() < mostBytes) {
                line.write(b);
            } else {
                cut = true;
            }
        }
        LogLine read = line(line.toByteArray(), cut);
        line.reset();
        return read;
    }

    private LogLine line(byte[] data, boolean cut) {
        int end = data.length > 0 && data[data.length - 1] == '\r' && !cut ? data.length - 1 : data.length;
        int space = Timestamp.end(data, 0, end);
        long nanos = space < 0 ? -1 : Timestamp.nanos(data, 0, space);
        int from = nanos < 0 ? 0 : space + 1;
        ByteArrayOutputStream text = new ByteArrayOutputStream(end - from);
        while (end - from > PIECE_BYTES) {
            text.write(data, from, PIECE_BYTES);
            from += PIECE_BYTES;
            int next = Timestamp.end(data, from, end);
            if (next > 0 && Timestamp.nanos(data, from, next) >= 0) {
                from = next + 1;
            }
        }
        text.write(data, from, end - from);
        byte[] message = text.toByteArray();
        boolean truncated = cut || message.length > maxLineBytes;
        return new LogLine(
                Math.max(nanos, 0),
                false,
                message.length > maxLineBytes ? java.util.Arrays.copyOf(message, maxLineBytes) : message,
                truncated);
    }

    @Override
    public boolean isInsideLine() {
        return line.size() > 0;
    }
}
