package io.deltaforge.engine.spool;

import io.deltaforge.spi.storage.DurableFile;
import java.util.Locale;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file of a spool: a header, then records one after another. What changes in it is guarded by {@link Segments}.
 *
 * <p>Header: {@value #MAGIC}, format version, run, number of the first entry, CRC-32C of these. Record: length of the
 * payload, CRC-32C of that length and the payload, payload. Numbers are big-endian.
 */
final class Segment {
    static final int MAGIC = 0x44465350;
    static final int VERSION = 1;
    static final int HEADER_BYTES = 28;
    static final int RECORD_HEADER_BYTES = 8;
    static final String SUFFIX = ".segment";

    final long id;
    /** The id of the first segment of its run; a later run takes the place of an earlier one. */
    final long run;

    final long firstNumber;
    long lastNumber;
    /** Where its last record ends. */
    long length = HEADER_BYTES;
    /** Open from its making until it is synced for the last time; closed by the checkpoint thread alone. */
    @Nullable
    DurableFile file;
    /** No more records will come. */
    boolean closed;

    Segment(long id, long run, long firstNumber) {
        this.id = id;
        this.run = run;
        this.firstNumber = firstNumber;
        this.lastNumber = firstNumber - 1;
    }

    String fileName() {
        return fileName(id);
    }

    static String fileName(long id) {
        return String.format(Locale.ROOT, "%016d%s", id, SUFFIX);
    }

    RecordOutput header() {
        RecordOutput out = new RecordOutput();
        out.putInt(MAGIC);
        out.putInt(VERSION);
        out.putLong(run);
        out.putLong(firstNumber);
        out.putInt(crc(out.bytes(), HEADER_BYTES - 4));
        return out;
    }

    /** CRC-32C of the first bytes. */
    static int crc(byte[] bytes, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, count);
        return (int) crc.getValue();
    }
}
