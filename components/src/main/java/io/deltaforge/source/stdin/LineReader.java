package io.deltaforge.source.stdin;

import io.deltaforge.event.LogStream;
import io.deltaforge.spi.intake.Draft;
import io.deltaforge.spi.intake.Lines;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Reads a stream's lines, as many at once as one read gives. Confined to one thread. */
final class LineReader {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final InputStream in;
    private final LogStream stream;
    private final int maxLineBytes;
    private byte[] buffer = new byte[CHUNK_BYTES];
    private int filled;
    /** Inside a line whose beginning was taken already, because it is too long. */
    private boolean passingOver;

    private boolean ended;

    LineReader(InputStream in, LogStream stream, int maxLineBytes) {
        this.in = in;
        this.stream = stream;
        this.maxLineBytes = maxLineBytes;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Blocks for the next read, and returns the lines that it completes: maybe none. The last needs no newline. */
    List<Draft> read() throws IOException {
        int count = in.read(buffer, filled, buffer.length - filled);
        List<Draft> lines = new ArrayList<>();
        if (count < 0) {
            ended = true;
            if (filled > 0 && !passingOver) {
                Lines.take(buffer, 0, filled, maxLineBytes, taker(buffer, lines));
            }
            return lines;
        }
        int end = filled + count;
        int start = passingOver ? behindNewline(filled, end) : 0;
        // lines keep the array that they lie in: a few of them get a small one
        boolean shared = end > buffer.length / 2;
        byte[] data = shared ? buffer : Arrays.copyOf(buffer, end);
        int rest = Lines.split(data, start, end, maxLineBytes, taker(data, lines));
        keep(data, shared, rest, end, lines);
        return lines;
    }

    private int behindNewline(int from, int end) {
        for (int i = from; i < end; i++) {
            if (buffer[i] == '\n') {
                passingOver = false;
                return i + 1;
            }
        }
        return end;
    }

    /** What has no newline yet begins the next buffer. */
    private void keep(byte[] data, boolean shared, int rest, int end, List<Draft> lines) {
        int length = end - rest;
        if (length > maxLineBytes + 1) { // one more, for a carriage return
            Lines.take(data, rest, end, maxLineBytes, taker(data, lines));
            passingOver = true;
            length = 0;
        }
        if (passingOver) {
            length = 0;
        }
        int needed = Math.max(CHUNK_BYTES, length + CHUNK_BYTES / 2);
        byte[] next = shared || buffer.length < needed ? new byte[needed] : buffer;
        System.arraycopy(data, rest, next, 0, length);
        buffer = next;
        filled = length;
    }

    private Lines.Taker taker(byte[] data, List<Draft> lines) {
        long nowMicros = Math.multiplyExact(System.currentTimeMillis(), 1000);
        return (start, end, truncated) ->
                lines.add(new Draft(stream, data, start, end, nowMicros, null, Map.of(), truncated));
    }
}
