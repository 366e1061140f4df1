package io.deltaforge.sink.file;

import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.io.OutputStream;

/** Lines as they are: a frame is a line. */
record PlainFraming() implements Framing {
    @Override
    public String ending() {
        return ".jsonl";
    }

    @Override
    public OutputStream frame(OutputStream out) {
        return out;
    }

    /** The lines up to the first NUL, which no JSON holds: a disk without power leaves blocks of them. */
    @Override
    public long intactLength(DurableFile file) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long intact = 0;
        long at = 0;
        while (true) {
            int count = file.read(buffer, buffer.length, at);
            for (int i = 0; i < count; i++) {
                if (buffer[i] == 0) {
                    return intact;
                }
                if (buffer[i] == '\n') {
                    intact = at + i + 1;
                }
            }
            if (count < buffer.length) {
                return intact;
            }
            at += count;
        }
    }
}
