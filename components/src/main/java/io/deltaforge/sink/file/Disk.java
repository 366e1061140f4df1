package io.deltaforge.sink.file;

import io.deltaforge.spi.storage.DurableFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * A directory and what the sink asks of it. Names are relative paths with {@code /} between their parts. That a file comes,
 * goes or changes its name is durable when the call returns. Confined to one thread at a time.
 */
interface Disk extends Closeable {

    /** Takes the directory for this sink alone, until {@link #close}. */
    void open() throws IOException;

    /** All files below the directory whose names end so, in no order. */
    List<String> namesEnding(String ending) throws IOException;

    boolean exists(String name);

    /** Makes a file that must not exist, and the folders it lies in. */
    DurableFile create(String name) throws IOException;

    DurableFile open(String name) throws IOException;

    /** In one step; the new name must be free. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;
}
