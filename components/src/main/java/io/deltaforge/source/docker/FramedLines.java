package io.deltaforge.source.docker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The log of a container without a terminal: frames of 8 bytes head (the stream, three zeros, the length) and a message. A
 * line longer than 16 KiB comes in several messages, the last of which ends with a newline. Confined to one thread.
 */
final class FramedLines implements LogLines {
    private static final int HEAD = 8;
    /** Of a line, what is not its end: the engine reads so much at once. */
    private static final int PIECE_BYTES = 16 * 1024;

    private static final int STDERR = 2;
    /** What the engine itself has to say. */
    private static final int SYSTEM_ERROR = 3;

    private static final int LAST_STREAM = SYSTEM_ERROR;
    private static final int MAX_FRAME = 64 << 20;

    private final InputStream in;
    private final Reached from;
    private final Piece[] pieces;

    /** What has come of a line. */
    private static final class Piece {
        private final int maxBytes;
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private final boolean fromStderr;
        private boolean begun;
        private boolean truncated;
        private long begunNanos;
        private long nanos;
        private int lastBytes;

        Piece(int maxBytes, boolean fromStderr) {
            this.maxBytes = maxBytes;
            this.fromStderr = fromStderr;
        }

        void add(long atNanos, byte[] data, int from, int to) {
            nanos = Math.max(atNanos, 0);
            begunNanos = begun ? begunNanos : nanos;
            begun = true;
            lastBytes = to - from;
            int count = Math.min(to - from, maxBytes - text.size());
            truncated |= count < to - from;
            text.write(data, from, count);
        }

        /**
         * True when what has come of the line is a run's last words, and the next frame, of this time, is of the run after
         * it. All pieces of a line have the time of its first; engines before version 18 gave each its own.
         */
        boolean wasLast(long nextNanos, Reached from) {
            return nextNanos >= 0 && nextNanos != nanos && (lastBytes < PIECE_BYTES || from.isAt(nanos, fromStderr));
        }

        LogLine take() {
            LogLine line = new LogLine(nanos, fromStderr, text.toByteArray(), truncated);
            text.reset();
            begun = false;
            truncated = false;
            return line;
        }
    }

    /** @param from where reading goes on: what has just this time and no end was handed on when the container stopped */
    FramedLines(InputStream in, int maxLineBytes, Reached from) {
        this.in = in;
        this.from = from;
        this.pieces = new Piece[LAST_STREAM + 1];
        for (int i = 0; i <= LAST_STREAM; i++) {
            pieces[i] = new Piece(maxLineBytes, i == STDERR);
        }
    }

    @Override
    public boolean read(Consumer<LogLine> taker) throws IOException {
        byte[] head = in.readNBytes(HEAD);
        if (head.length == 0) {
            return false;
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
        if (stream == SYSTEM_ERROR) {
            throw new IOException("the engine cannot read it: " + new String(message, UTF_8).strip());
        }
        message(pieces[stream], message, taker);
        return true;
    }

    private void message(Piece piece, byte[] message, Consumer<LogLine> taker) {
        int space = Timestamp.end(message, 0, message.length);
        long nanos = space < 0 ? -1 : Timestamp.nanos(message, 0, space);
        int start = nanos < 0 ? 0 : space + 1;
        if (piece.begun && piece.wasLast(nanos, from)) {
            taker.accept(piece.take());
        }
        boolean ends = message.length > start && message[message.length - 1] == '\n';
        piece.add(nanos, message, start, ends ? message.length - 1 : message.length);
        if (ends) {
            taker.accept(piece.take());
        }
    }

    @Override
    public void rest(Consumer<LogLine> taker) {
        for (Piece piece : pieces) {
            if (piece.begun) {
                taker.accept(piece.take());
            }
        }
    }

    @Override
    public long openSinceNanos() {
        long earliest = Long.MAX_VALUE;
        for (Piece piece : pieces) {
            if (piece.begun && !from.isAt(piece.nanos, piece.fromStderr)) {
                earliest = Math.min(earliest, piece.begunNanos);
            }
        }
        return earliest;
    }
}
