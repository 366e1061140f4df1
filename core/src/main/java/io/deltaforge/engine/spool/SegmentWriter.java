package io.deltaforge.engine.spool;

import io.deltaforge.spi.Batch;
import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.util.zip.CRC32C;

/** Appends records to one segment. Confined to the source thread. */
final class SegmentWriter {
    private final DurableFile file;
    private final BatchEncoder encoder = new BatchEncoder();
    private long at;

    SegmentWriter(DurableFile file, RecordOutput header) throws IOException {
        this.file = file;
        file.write(header.bytes(), header.length(), 0);
        at = header.length();
    }

    /**
     * Writes through to the file, so that a reader sees it; durable only after {@link DurableFile#force}.
     *
     * @param buffer to encode in
     * @return where the record ends
     */
    long write(Batch batch, long skipped, RecordOutput buffer) throws IOException {
        buffer.clear();
        buffer.putInt(0);
        buffer.putInt(0);
        encoder.encode(batch, skipped, buffer);
        buffer.setInt(0, buffer.length() - Segment.RECORD_HEADER_BYTES);
        buffer.setInt(4, crcOf(buffer.bytes(), buffer.length()));
        file.write(buffer.bytes(), buffer.length(), at);
        at += buffer.length();
        return at;
    }

    /** Over the length and the payload, not over the place of the sum itself. */
    static int crcOf(byte[] record, int length) {
        CRC32C crc = new CRC32C();
        crc.update(record, 0, 4);
        crc.update(record, Segment.RECORD_HEADER_BYTES, length - Segment.RECORD_HEADER_BYTES);
        return (int) crc.getValue();
    }
}
