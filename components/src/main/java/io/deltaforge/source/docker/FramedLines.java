package io.deltaforge.source.docker;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The log of a container without a terminal: frames of 8 bytes head (the stream, three zeros, the length) and a message. A
 * line longer than 16 KiB comes in several messages, the last of which ends with a newline. Confined to one thread.
 */
final class FramedLines implements LogLines {
    private static final int HEAD = 8;
    private static final int STDERR = 2;
    private static final int LAST_STREAM = 3;
    private static final int MAX_FRAME = 64 << 20;

    private final InputStream in;
    private final Piece[] pieces;

    /** What has come of a line. */
    private static final class Piece {
        private final int maxBytes;
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private boolean begun;
        private boolean truncated;

        Piece(int maxBytes) {
            this.maxBytes = maxBytes;
        }

        void add(byte[] data, int from, int to) {
            begun = true;
            int count = Math.min(to - from, maxBytes - text.size());
            truncated |= count < to - from;
            text.write(data, from, count);
        }

        LogLine take(long nanos, boolean fromStderr) {
            LogLine line = new LogLine(nanos, fromStderr, text.toByteArray(), truncated);
            text.reset();
            begun = false;
            truncated = false;
            return line;
        }
    }

    FramedLines(InputStream in, int maxLineBytes) {
        this.in = in;
        this.pieces = new Piece[LAST_STREAM + 1];
        for (int i = 0; i <= LAST_STREAM; i++) {
            pieces[i] = new Piece(maxLineBytes);
        }
    }

    @Override
    public @Nullable LogLine next() throws IOException {
        while (true) {
            byte[] head = in.readNBytes(HEAD);
            if (head.length == 0) {
                return null;
            }
            if (head.length < HEAD) {
                throw new EOFException("the log breaks off inside a frame");
            }
            int stream = head[0];
            int length = ByteBuffer.wrap(head).getInt(4);
            if (stream < 0 || stream > LAST_STREAM || length < 0 || length > MAX_FRAME) {
                throw new IOException("the log has no frame where one must be");
            }
            byte[] message = in.readNBytes(length);
            if (message.length < length) {
                throw new EOFException("the log breaks off inside a frame");
            }
            LogLine line = message(pieces[stream], message, stream == STDERR);
            if (line != null) {
                return line;
            }
        }
    }

    private static @Nullable LogLine message(Piece piece, byte[] message, boolean fromStderr) {
        int space = Timestamp.end(message, 0, message.length);
        long nanos = space < 0 ? -1 : Timestamp.nanos(message, 0, space);
        int from = nanos < 0 ? 0 : space + 1;
        boolean ends = message.length > from && message[message.length - 1] == '\n';
        piece.add(message, from, ends ? message.length - 1 : message.length);
        return ends ? piece.take(Math.max(nanos, 0), fromStderr) : null;
    }

    @Override
    public boolean isInsideLine() {
        for (Piece piece : pieces) {
            if (piece.begun) {
                return true;
            }
        }
        return false;
    }
}
