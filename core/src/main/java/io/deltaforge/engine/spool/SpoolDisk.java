package io.deltaforge.engine.spool;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** A folder of files and what a spool asks of it. Thread-safe; that files come and go is durable when the call returns. */
public interface SpoolDisk {

    /** The names of the files, in no order; none when the folder does not exist. */
    List<String> files() throws IOException;

    /** Makes an empty file, in place of any of this name. */
    SpoolFile create(String name) throws IOException;

    SpoolFile open(String name) throws IOException;

    void delete(String name) throws IOException;

    /** Where it is, for messages. */
    @Override
    String toString();

    /** An open file. One thread at a time, but for {@link #force}, which any may call while another writes. */
    interface SpoolFile extends Closeable {

        void write(byte[] bytes, int length, long at) throws IOException;

        /** Reads until {@code length} bytes or the file's end; returns how many. */
        int read(byte[] into, int length, long at) throws IOException;

        long length() throws IOException;

        void truncate(long length) throws IOException;

        /** What was written before the call survives a power cut when it returns. */
        void force() throws IOException;
    }
}
