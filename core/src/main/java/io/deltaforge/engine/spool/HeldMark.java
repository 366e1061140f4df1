package io.deltaforge.engine.spool;

import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The file that says how far a spool counts as held: up to there everything must be intact, and nothing after it was ever
 * promised to anyone. Confined to one thread.
 *
 * <p>Two places are written in turn, so that a write that a power cut tears leaves the one before. Each: sequence, run,
 * segment, length, number of the last entry, CRC-32C.
 */
final class HeldMark {
    static final String FILE = "held";
    private static final int SLOT_BYTES = 44;
    /** Apart by more than a sector. */
    private static final int SLOT_DISTANCE_BYTES = 8192;

    private final SpoolDisk disk;
    private @Nullable DurableFile file;
    private long sequence;

    /**
     * Where a spool ends that counts.
     *
     * @param length of the segment, in bytes
     * @param lastNumber of the last entry
     */
    record End(long run, long segment, long length, long lastNumber) {
        /** Nothing is held. */
        static final End NOTHING = new End(0, 0, 0, 0);
    }

    HeldMark(SpoolDisk disk) {
        this.disk = disk;
    }

    /**
     * What was written last; {@link End#NOTHING} where nothing was.
     *
     * @throws IOException also when both places are damaged, which no power cut does
     */
    End read() throws IOException {
        End newest = End.NOTHING;
        if (!disk.files().contains(FILE)) {
            return newest;
        }
        DurableFile opened = disk.open(FILE);
        file = opened;
        int damaged = 0;
        for (int slot = 0; slot < 2; slot++) {
            byte[] bytes = new byte[SLOT_BYTES];
            int count = opened.read(bytes, SLOT_BYTES, (long) slot * SLOT_DISTANCE_BYTES);
            RecordInput in = new RecordInput(bytes, 0);
            long found = in.getLong();
            End end = new End(in.getLong(), in.getLong(), in.getLong(), in.getLong());
            if (in.getInt() != Segment.crc(bytes, SLOT_BYTES - 4)) {
                damaged += count == 0 || Arrays.equals(bytes, new byte[SLOT_BYTES]) ? 0 : 1;
            } else if (found > sequence) {
                sequence = found;
                newest = end;
            }
        }
        if (damaged == 2) {
            throw new IOException(FILE + " is damaged in both its places");
        }
        return newest;
    }

    /** Durable when it returns. */
    void write(End end) throws IOException {
        DurableFile opened = file;
        if (opened == null) {
            opened = disk.create(FILE);
            file = opened;
        }
        sequence++;
        RecordOutput out = new RecordOutput();
        out.putLong(sequence);
        out.putLong(end.run());
        out.putLong(end.segment());
        out.putLong(end.length());
        out.putLong(end.lastNumber());
        out.putInt(Segment.crc(out.bytes(), out.length()));
        opened.write(out.bytes(), out.length(), sequence % 2 * SLOT_DISTANCE_BYTES);
        opened.force();
    }

    void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
