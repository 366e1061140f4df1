package io.deltaforge.sink.file;

import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.io.OutputStream;

/**
 * How lines lie in a file: in frames, one for each sync and file, each of which can be read by itself and with all before it.
 */
sealed interface Framing permits PlainFraming, GzipFraming, ZstdFraming {

    /** Ends the names of finished files. */
    String ending();

    /** What is written to it until it is closed becomes one frame in {@code out}. */
    OutputStream frame(OutputStream out) throws IOException;

    /** How many bytes of the file are whole frames: what follows was being written when power or process were gone. */
    long intactLength(DurableFile file) throws IOException;

    static Framing of(FileSinkConfig.Compression compression) {
        return switch (compression) {
            case NONE -> new PlainFraming();
            case GZIP -> new GzipFraming();
            case ZSTD -> new ZstdFraming();
        };
    }
}
