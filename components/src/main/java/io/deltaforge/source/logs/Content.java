package io.deltaforge.source.logs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** What is in an open file. Confined to the source thread. */
interface Content extends Closeable {

    /** How many bytes there are by now. */
    long size() throws IOException;

    /** Reads what lies at {@code offset}; how many bytes there were, up to {@code length}. */
    int read(byte[] into, int length, long offset) throws IOException;

    /** A file's bytes as they are. */
    record Plain(FileChannel channel) implements Content {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(byte[] into, int length, long offset) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    break;
                }
            }
            return buffer.position();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
