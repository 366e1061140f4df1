package io.deltaforge.engine.spool;

import io.deltaforge.spi.storage.DurableFile;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a segment's records in order and proves each. Confined to one thread. */
final class RecordReader implements Closeable {
    /** Larger records get a buffer of their own that is not kept. */
    private static final int KEPT_BUFFER_BYTES = 4 << 20;

    private final SpoolDisk disk;
    private final String fileName;
    private final DurableFile file;
    private byte[] buffer = new byte[1 << 16];
    private long at = Segment.HEADER_BYTES;

    RecordReader(SpoolDisk disk, String fileName) throws IOException {
        this.disk = disk;
        this.fileName = fileName;
        this.file = disk.open(fileName);
    }

    /** Where the next record begins. */
    long at() {
        return at;
    }

    long fileLength() throws IOException {
        return file.length();
    }

    void truncate(long length) throws IOException {
        file.truncate(length);
        file.force();
    }

    /** The segment as its header describes it, without records. */
    Segment header(long id) throws IOException {
        if (file.read(buffer, Segment.HEADER_BYTES, 0) < Segment.HEADER_BYTES) {
            throw damaged(0, "the header is cut off", null);
        }
        RecordInput in = new RecordInput(buffer, 0);
        if (in.getInt() != Segment.MAGIC) {
            throw damaged(0, "this is no segment of a spool", null);
        }
        int version = in.getInt();
        Segment segment = new Segment(id, in.getLong(), in.getLong());
        if (in.getInt() != Segment.crc(buffer, Segment.HEADER_BYTES - 4)) {
            throw damaged(0, "the header's checksum is wrong", null);
        }
        if (version != Segment.VERSION) {
            throw damaged(0, "format version " + version + " is not " + Segment.VERSION, null);
        }
        return segment;
    }

    /**
     * The payload of the next record.
     *
     * @param end where the last record ends
     */
    RecordInput next(long end) throws IOException {
        int headerBytes = Segment.RECORD_HEADER_BYTES;
        if (end - at < headerBytes || file.read(buffer, headerBytes, at) < headerBytes) {
            throw damaged(at, "a record is cut off", null);
        }
        RecordInput header = new RecordInput(buffer, 0);
        int payloadBytes = header.getInt();
        int crc = header.getInt();
        if (payloadBytes < 0 || payloadBytes > end - at - headerBytes) {
            throw damaged(at, "a record is longer than what is there", null);
        }
        byte[] record = bufferOf(headerBytes + payloadBytes);
        if (file.read(record, headerBytes + payloadBytes, at) < headerBytes + payloadBytes) {
            throw damaged(at, "a record is cut off", null);
        }
        if (SegmentWriter.crcOf(record, headerBytes + payloadBytes) != crc) {
            throw damaged(at, "a record's checksum is wrong", null);
        }
        at += headerBytes + payloadBytes;
        return new RecordInput(record, headerBytes);
    }

    private byte[] bufferOf(int bytes) {
        if (bytes <= buffer.length) {
            return buffer;
        }
        byte[] larger = new byte[bytes];
        if (bytes <= KEPT_BUFFER_BYTES) {
            buffer = larger;
        }
        return larger;
    }

    SpoolException damaged(long offset, String what, @Nullable Throwable cause) {
        return Recovery.damaged(disk, fileName + " at byte " + offset + ": " + what, cause);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
