package io.deltaforge.source.docker;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A body in chunks (RFC 9112, section 7.1). Confined to one thread. */
final class ChunkedBody extends InputStream {
    private static final int MAX_HEAD = 1024;
    /** Bytes of the line end behind a chunk. */
    private static final int CHUNK_END = 2;

    private final InputStream in;
    private long left;
    private boolean first = true;
    private boolean ended;

    ChunkedBody(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !nextChunk()) {
            return -1;
        }
        int count = in.read(into, from, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the engine's answer breaks off");
        }
        left -= count;
        return count;
    }

    /** Of the next chunk one byte, as soon as its beginning has come: who sends it will send the rest. */
    @Override
    public int available() throws IOException {
        int arrived = in.available();
        return left > 0 ? (int) Math.min(left, arrived) : arrived > CHUNK_END ? 1 : 0;
    }

    private boolean nextChunk() throws IOException {
        if (ended) {
            return false;
        }
        if (!first) {
            Head.line(in, MAX_HEAD); // ends the chunk before
        }
        first = false;
        String size = Head.line(in, MAX_HEAD).split(";", 2)[0].strip();
        try {
            left = Long.parseUnsignedLong(size, 16);
        } catch (NumberFormatException e) {
            throw new IOException("the engine's answer has no chunk where one must be", e);
        }
        ended = left == 0;
        return !ended;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
