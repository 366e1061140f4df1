package io.deltaforge.engine.spool;

import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.util.List;

/** A folder of files and what a spool asks of it. Thread-safe; that files come and go is durable when the call returns. */
public interface SpoolDisk {

    /** The names of the files, in no order; none when the folder does not exist. */
    List<String> files() throws IOException;

    /** Makes an empty file, in place of any of this name. */
    DurableFile create(String name) throws IOException;

    DurableFile open(String name) throws IOException;

    void delete(String name) throws IOException;

    /** Where it is, for messages. */
    @Override
    String toString();
}
