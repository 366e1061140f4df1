package io.deltaforge.spi.storage;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An open file. One thread at a time, but for {@link #force}, which any may call while another writes. */
public interface DurableFile extends Closeable {

    void write(byte[] bytes, int length, long at) throws IOException;

    /** Reads until {@code length} bytes or the file's end; returns how many. */
    int read(byte[] into, int length, long at) throws IOException;

    long length() throws IOException;

    void truncate(long length) throws IOException;

    /** What was written before the call survives a power cut when it returns. */
    void force() throws IOException;

    /** Opens a file of the file system for reading and writing; it is made when it is not there. */
    static DurableFile open(Path file) throws IOException {
        return new FileOnDisk(new RandomAccessFile(file.toFile(), "rw"));
    }

    /** A new, renamed or deleted name survives a power cut only once its folder is synced. */
    static void syncFolder(Path folder) throws IOException {
        if (File.separatorChar == '/') { // Windows opens no folders, and needs none of this
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
