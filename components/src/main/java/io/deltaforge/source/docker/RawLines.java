package io.deltaforge.source.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The log of a container with a terminal: lines, each behind its time. In a line longer than 16 KiB the time stands again
 * behind each such piece. Confined to one thread.
 */
final class RawLines implements LogLines {
    private static final int PIECE_BYTES = 16 * 1024;

    private static final int READ_BYTES = 8 * 1024;

    private final InputStream in;
    private final int maxLineBytes;
    private final Reached from;
    private final byte[] bytes = new byte[READ_BYTES];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean cut;

    /** @param from where reading goes on: what has just this time and no end was handed on when the container stopped */
    RawLines(InputStream in, int maxLineBytes, Reached from) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
        this.from = from;
    }

    @Override
    public boolean read(Consumer<LogLine> taker) throws IOException {
        int count = in.read(bytes);
        int start = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                add(start, i);
                start = i + 1;
                end(taker);
            }
        }
        add(start, Math.max(start, count));
        return count >= 0;
    }

    private void add(int start, int end) {
        // the times in between come on top
        long mostBytes = maxLineBytes + (maxLineBytes / PIECE_BYTES + 2L) * Timestamp.LENGTH;
        int count = (int) Math.min(end - start, mostBytes - line.size());
        cut |= count < end - start;
        line.write(bytes, start, count);
    }

    private void end(Consumer<LogLine> taker) {
        byte[] data = line.toByteArray();
        int begin = behindLastWords(data);
        if (begin > 0) {
            taker.accept(line(Arrays.copyOf(data, begin), false));
            data = Arrays.copyOfRange(data, begin, data.length);
        }
        taker.accept(line(data, cut));
        line.reset();
        cut = false;
    }

    @Override
    public void rest(Consumer<LogLine> taker) {
        if (line.size() > 0) {
            end(taker);
        }
    }

    /** Where the first line of a container that was started again begins, behind the last of its run before; else 0. */
    private int behindLastWords(byte[] data) {
        int space = Timestamp.end(data, 0, data.length);
        if (space < 0 || !from.isAt(Timestamp.nanos(data, 0, space), false)) {
            return 0;
        }
        for (int i = space + 1; i + Timestamp.LENGTH <= data.length; i++) {
            int end = i + Timestamp.LENGTH - 1;
            if (data[end] == ' ' && data[end - 1] == 'Z' && Timestamp.nanos(data, i, end) > from.nanos()) {
                return i;
            }
        }
        return 0;
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
                message.length > maxLineBytes ? Arrays.copyOf(message, maxLineBytes) : message,
                truncated);
    }

    /** None that matters: with one stream, a line that is not over is behind all that were read. */
    @Override
    public long openSinceNanos() {
        return Long.MAX_VALUE;
    }
}
