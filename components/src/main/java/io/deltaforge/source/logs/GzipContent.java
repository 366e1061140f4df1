package io.deltaforge.source.logs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * What is in a file that was compressed with gzip. It is read once to the end first: only of a whole one the size is known,
 * and one that is still being written is not to be read. Confined to the source thread.
 */
final class GzipContent implements Content {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final Path path;
    private final long size;
    private final byte[] head;
    private InputStream in;
    private long at;
    /** What was read last, which may be asked for again. */
    private byte[] recent = {};

    private GzipContent(Path path, long size, byte[] head) throws IOException {
        this.path = path;
        this.size = size;
        this.head = head;
        this.in = stream(path);
    }

    /** @throws java.io.EOFException it is not whole, or not yet */
    static GzipContent open(Path path) throws IOException {
        try (InputStream in = stream(path)) {
            byte[] head = in.readNBytes(Fingerprint.MOST_BYTES);
            byte[] rest = new byte[BUFFER_BYTES];
            long size = head.length;
            for (int count = in.read(rest); count >= 0; count = in.read(rest)) {
                size += count;
            }
            return new GzipContent(path, size, head);
        }
    }

    private static InputStream stream(Path path) throws IOException {
        return new GZIPInputStream(Files.newInputStream(path), BUFFER_BYTES);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(byte[] into, int length, long offset) throws IOException {
        if (offset + length <= head.length) {
            System.arraycopy(head, (int) offset, into, 0, length);
            return length;
        }
        long recentStart = at - recent.length;
        if (offset < recentStart) {
            in.close();
            in = stream(path);
            at = 0;
            recent = new byte[0];
            recentStart = 0;
        }
        if (offset > at) {
            in.skipNBytes(offset - at);
            at = offset;
            recent = new byte[0];
            recentStart = at;
        }
        int again = (int) Math.min(length, at - offset);
        System.arraycopy(recent, (int) (offset - recentStart), into, 0, again);
        int count = in.readNBytes(into, again, length - again);
        at += count;
        if (count > 0) {
            recent = Arrays.copyOf(into, again + count);
        }
        return again + count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
