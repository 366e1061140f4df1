package io.deltaforge.engine.spool;

import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a spool's entries from one segment after another. Confined to the delivery thread. */
final class SegmentReader {
    private final SpoolDisk disk;
    private final Function<String, Position> positions;
    private final KnownTables tables = new KnownTables();
    private @Nullable OpenSegment open;

    /** What is being read; {@code nextNumber} belongs to the next record. */
    private static final class OpenSegment {
        final Segment segment;
        final RecordReader records;
        final BatchDecoder decoder;
        long nextNumber;

        OpenSegment(Segment segment, RecordReader records, BatchDecoder decoder) {
            this.segment = segment;
            this.records = records;
            this.decoder = decoder;
            this.nextNumber = segment.firstNumber;
        }
    }

    SegmentReader(SpoolDisk disk, Function<String, Position> positions) {
        this.disk = disk;
        this.positions = positions;
    }

    /** @param end where the segment's last record ends */
    Entry read(Segment segment, long number, long end) throws IOException {
        OpenSegment from = open;
        if (from == null || from.segment != segment || from.nextNumber > number) {
            close();
            from = new OpenSegment(
                    segment, new RecordReader(disk, segment.fileName()), new BatchDecoder(positions, tables));
            open = from;
        }
        while (true) {
            // those before it are decoded too: what they define may be meant by later ones
            Batch batch = decode(from, end);
            if (from.nextNumber++ == number) {
                return new Entry(number, batch);
            }
        }
    }

    private static Batch decode(OpenSegment from, long end) throws IOException {
        long at = from.records.at();
        RecordInput payload = from.records.next(end);
        try {
            return from.decoder.decode(payload);
        } catch (RuntimeException e) {
            throw from.records.damaged(at, "a record is not understood: " + e.getMessage(), e);
        }
    }

    void close() throws IOException {
        if (open != null) {
            open.records.close();
            open = null;
        }
    }
}
