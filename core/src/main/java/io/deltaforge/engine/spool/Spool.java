package io.deltaforge.engine.spool;

import io.deltaforge.engine.spool.HeldMark.End;
import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.storage.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The batches that one sink has not acknowledged yet, on disk, in order. Every method throws {@link SpoolException} when
 * the disk fails or what lies on it is damaged; the spool is then of no more use.
 *
 * <p>Three threads work on it, each on its own part: the source thread appends ({@link #begin}, {@link #append},
 * {@link #skip}, {@link #end}, {@link #allRead}), the delivery thread reads ({@link #read}, {@link #consumed}), the
 * checkpoint thread syncs and deletes ({@link #sync}, {@link #trim}). What they tell one another is in {@link Segments}.
 *
 * <p>A <em>run</em> is what is written from a {@link #begin} to an {@link #end}. It starts with everything that the sink
 * had not acknowledged, so it takes the place of the run before as a whole: a restart never delivers an old run's rest and
 * then the new one, which would show consumers an old state for good where the batches between the two are known to be
 * delivered. It counts from the {@link #sync} after all of that is written.
 */
public final class Spool {
    private static final int KEPT_BUFFER_BYTES = 4 << 20;
    private static final Event[] NO_EVENTS = {};

    private final SpoolDisk disk;
    private final long segmentBytes;
    private final Segments segments;
    private volatile @Nullable Position held;

    /** Confined to the delivery thread. */
    private final SegmentReader reader;

    /** Confined to the checkpoint thread. */
    private final HeldMark mark;

    private End synced;

    /** Confined to the source thread. */
    private @Nullable Active active;

    private RecordOutput buffer = new RecordOutput();
    private long nextSegment;
    private long run;

    /** The segment that is appended to. */
    private record Active(Segment segment, SegmentWriter writer) {}

    /**
     * Opens what is there.
     *
     * @param segmentBytes when a file is full; the disk is given back file by file
     * @param positions reads back {@link Position#text}
     */
    public Spool(SpoolDisk disk, long segmentBytes, Function<String, Position> positions) {
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.mark = new HeldMark(disk);
        this.reader = new SegmentReader(disk, positions);
        try {
            synced = mark.read();
            Recovery.Found found = new Recovery(disk, positions).recover(synced);
            segments = new Segments(found.segments(), synced.lastNumber(), found.events());
            held = found.held();
        } catch (IOException e) {
            throw failed("opened", e);
        }
        run = synced.run();
        nextSegment = synced.segment() + 1;
    }

    /** True for a spool's file with entries in it; the others of its folder only say how much of them counts. */
    public static boolean holdsEvents(Path file) {
        return file.toString().endsWith(Segment.SUFFIX);
    }

    private SpoolException failed(String what, IOException e) {
        return new SpoolException(
                "the spool " + disk + " cannot be " + what + ": " + e.getMessage()
                        + ". Free or mend the disk; nothing is lost, the source still has what was not synced",
                e);
    }

    /** The newest commit that is on disk, synced; {@code null} when none is. Any thread. */
    public @Nullable Position held() {
        return held;
    }

    /** The number of the newest entry there; 0 when there never was one. Any thread. */
    public long lastNumber() {
        return segments.lastNumber();
    }

    /** What lies on the disk, delivered or not. Any thread. */
    public long bytes() {
        return segments.bytes();
    }

    /** How many events wait to be read. Any thread. */
    public long unreadEvents() {
        return segments.unreadEvents();
    }

    /** True when nothing waits to be read. Stays true until the source thread appends. */
    public boolean allRead() {
        return segments.allRead();
    }

    /**
     * Begins a run.
     *
     * @param unacknowledged everything that the sink has not acknowledged, in order
     * @param readFrom the number of the first of them, or of the next to come, that is to be read again from here
     */
    public void begin(List<Entry> unacknowledged, long readFrom) {
        run = nextSegment;
        segments.beginAt(readFrom);
        for (Entry entry : unacknowledged) {
            write(entry, 0);
        }
        segments.begun();
    }

    /** Appends to the run that was begun or found. */
    public void append(Entry entry) {
        write(entry, 0);
    }

    /** Appends that events were left out, so that the position may move past them. */
    public void skip(long number, long events, Position commit) {
        write(new Entry(number, new Batch(NO_EVENTS, 0, 0, commit)), events);
    }

    /** Ends the run: nothing is appended until the next {@link #begin}. */
    public void end() {
        if (active != null) {
            segments.closed(active.segment);
            active = null;
        }
    }

    private void write(Entry entry, long skipped) {
        try {
            Active to = active;
            if (to == null || to.segment.length >= segmentBytes) {
                end();
                to = newSegment(entry.number());
                active = to;
            }
            long end = to.writer.write(entry.batch(), skipped, buffer);
            if (buffer.length() > KEPT_BUFFER_BYTES) {
                buffer = new RecordOutput();
            }
            segments.appended(entry, to.segment, end);
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    private Active newSegment(long firstNumber) throws IOException {
        Segment segment = new Segment(nextSegment++, run, firstNumber);
        DurableFile file = disk.create(segment.fileName());
        segment.file = file;
        SegmentWriter writer = new SegmentWriter(file, segment.header());
        segments.add(segment);
        return new Active(segment, writer);
    }

    /** The next entry, or {@code null} when there is none; the same again until it is {@link #consumed}. */
    public @Nullable Entry read() {
        Segments.ToRead next = segments.next();
        try {
            if (next == null) {
                reader.close();
                return null;
            }
            return reader.read(next.segment(), next.number(), next.end());
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    /** The entry that was read last is now the reader's. */
    public void consumed(Entry entry) {
        segments.consumed(entry);
    }

    /** Makes what was appended durable, and returns the newest commit that now is: what the sink holds. */
    public @Nullable Position sync() {
        Segments.ToSync work = segments.toSync(synced);
        if (work == null) {
            return held;
        }
        try {
            for (Segment segment : work.open()) {
                force(segment);
            }
            // Invariant 1: the records are durable before the mark that counts them, and that before anyone is told
            mark.write(work.newest().end());
            synced = work.newest().end();
            held = work.newest().commit();
            closeFiles(work.closed());
            return held;
        } catch (IOException e) {
            throw failed("synced", e);
        }
    }

    private static void force(Segment segment) throws IOException {
        DurableFile file = segment.file;
        if (file != null) {
            file.force();
        }
    }

    /** The checkpoint covers every entry up to this one: deletes the files that hold nothing else. */
    public void trim(long number) {
        List<Segment> done = segments.removeThrough(number);
        if (done.isEmpty()) {
            return;
        }
        try {
            if (synced.segment() <= done.getLast().id && !synced.equals(End.NOTHING)) {
                // before the files go, or a crash between the two would look like damage
                synced = End.NOTHING;
                mark.write(synced);
            }
            closeFiles(done);
            for (Segment segment : done) {
                disk.delete(segment.fileName());
            }
        } catch (IOException e) {
            throw failed("shortened", e);
        }
    }

    private static void closeFiles(List<Segment> done) throws IOException {
        for (Segment segment : done) {
            DurableFile file = segment.file;
            segment.file = null;
            if (file != null) {
                file.close();
            }
        }
    }

    /** Forgets everything; for a checkpoint that covers it all, before the threads start. */
    public void clear() {
        trim(Long.MAX_VALUE);
        segments.skipAll();
    }

    /** Closes the files, when no thread works on it any more; what is there stays. */
    public void close() {
        try {
            reader.close();
            closeFiles(segments.all());
            mark.close();
        } catch (IOException e) {
            throw failed("closed", e);
        }
    }
}
