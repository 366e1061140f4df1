package io.deltaforge.spi.storage;

import java.io.IOException;
import java.io.RandomAccessFile;

/** Not a {@link java.nio.channels.FileChannel}, which the interrupt that ends a stalled delivery would close. */
record FileOnDisk(RandomAccessFile file) implements DurableFile {
    @Override
    public void write(byte[] bytes, int length, long at) throws IOException {
        file.seek(at);
        file.write(bytes, 0, length);
    }

    @Override
    public int read(byte[] into, int length, long at) throws IOException {
        file.seek(at);
        int total = 0;
        while (total < length) {
            int count = file.read(into, total, length - total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }

    @Override
    public long length() throws IOException {
        return file.length();
    }

    @Override
    public void truncate(long length) throws IOException {
        file.setLength(length);
    }

    @Override
    public void force() throws IOException {
        file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
