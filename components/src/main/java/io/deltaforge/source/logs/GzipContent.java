package io.deltaforge.source.logs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * What is in a file that was compressed with gzip. It is read once to the end first: only of a whole one the size is known,
 * and one that is still being written is not to be read. Confined to the source thread.
 */
final class GzipContent implements Content {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final FileChannel channel;
    private final long size;
    private final byte[] head;
    private InputStream in;
    private long at;
    /** What was read last, which may be asked for again. */
    private byte[] recent = {};

    private GzipContent(FileChannel channel, long size, byte[] head) throws IOException {
        this.channel = channel;
        this.size = size;
        this.head = head;
        this.in = stream(channel);
    }

    /** @throws java.io.EOFException it is not whole, or not yet */
    static GzipContent open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try (InputStream in = stream(channel)) {
            byte[] head = in.readNBytes(Fingerprint.MOST_BYTES);
            byte[] rest = new byte[BUFFER_BYTES];
            long size = head.length;
            for (int count = in.read(rest); count >= 0; count = in.read(rest)) {
                size += count;
            }
            return new GzipContent(channel, size, head);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** From the beginning of the open file, whose name may be another's by now. Closing it leaves the file open. */
    private static InputStream stream(FileChannel channel) throws IOException {
        InputStream compressed = new FilterInputStream(Channels.newInputStream(channel.position(0))) {
            @Override
            public void close() {}
        };
        return new GZIPInputStream(compressed, BUFFER_BYTES);
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
            in = stream(channel);
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
        channel.close();
    }
}
