package io.deltaforge.engine.spool;

import io.deltaforge.engine.spool.HeldMark.End;
import io.deltaforge.event.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a spool held when its process ended, however that happened. What lies behind the {@link HeldMark} was
 * promised to nobody, and the source will give it again: it is cut off, torn or not. What lies before it must be intact.
 */
final class Recovery {
    private final SpoolDisk disk;
    private final Function<String, Position> positions;

    /**
     * What is there.
     *
     * @param held the commit position of the last entry; {@code null} when there is no entry
     */
    record Found(
            List<Segment> segments, long events, @Nullable Position held) {}

    Recovery(SpoolDisk disk, Function<String, Position> positions) {
        this.disk = disk;
        this.positions = positions;
    }

    static SpoolException damaged(SpoolDisk disk, String what, @Nullable Throwable cause) {
        return new SpoolException(
                "the spool " + disk + " is damaged: " + what + ". It holds events that the source may have forgotten."
                        + " Put the folder back as it was; or move it away, and the sink goes on without them",
                cause);
    }

    Found recover(End end) throws IOException {
        List<Long> ids = new ArrayList<>();
        for (String name : disk.files()) {
            if (!name.endsWith(Segment.SUFFIX)) {
                continue;
            }
            long id = Long.parseLong(name.substring(0, name.length() - Segment.SUFFIX.length()));
            if (id < end.run() || id > end.segment()) {
                disk.delete(name);
            } else {
                ids.add(id);
            }
        }
        Collections.sort(ids);
        if (ids.isEmpty() && end.equals(End.NOTHING)) {
            return new Found(List.of(), 0, null);
        }
        return read(ids, end);
    }

    private Found read(List<Long> ids, End end) throws IOException {
        List<Segment> segments = new ArrayList<>();
        Last last = new Last();
        for (long id : ids) {
            Segment before = segments.isEmpty() ? null : segments.getLast();
            if (before != null && before.id + 1 != id) {
                throw damaged(disk, Segment.fileName(before.id + 1) + " is missing", null);
            }
            segments.add(read(id, before, end, last));
        }
        if (segments.isEmpty()
                || segments.getLast().id != end.segment()
                || segments.getLast().lastNumber != end.lastNumber()) {
            throw damaged(disk, Segment.fileName(end.segment()) + " is missing or does not end where it should", null);
        }
        return new Found(segments, last.events, last.commit);
    }

    /** Running totals of the records read. */
    private static final class Last {
        long events;

        @Nullable
        Position commit;
    }

    private Segment read(long id, @Nullable Segment before, End end, Last last) throws IOException {
        try (RecordReader records = new RecordReader(disk, Segment.fileName(id))) {
            Segment segment = records.header(id);
            if (segment.run != end.run() || (before != null && segment.firstNumber != before.lastNumber + 1)) {
                throw records.damaged(0, "it does not belong here", null);
            }
            long length = id == end.segment() ? end.length() : records.fileLength();
            if (records.fileLength() < length) {
                throw records.damaged(records.fileLength(), length + " bytes should be there", null);
            }
            while (records.at() < length) {
                RecordInput payload = records.next(length);
                last.events += payload.getNumber();
                payload.getNumber();
                Position commit = BatchDecoder.position(payload, positions);
                last.commit = commit == null ? last.commit : commit;
                segment.lastNumber++;
            }
            records.truncate(length);
            segment.length = length;
            segment.closed = true;
            return segment;
        }
    }
}
