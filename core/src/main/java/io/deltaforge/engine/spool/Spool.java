package io.deltaforge.engine.spool;

import io.deltaforge.engine.spool.HeldMark.End;
import io.deltaforge.engine.spool.SpoolDisk.SpoolFile;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The batches that one sink has not acknowledged yet, on disk, in order. Every method throws {@link SpoolException} when
 * the disk fails or what lies on it is damaged; the spool is then of no more use.
 *
 * <p>Three threads work on it, each on its own part: the source thread appends ({@link #begin}, {@link #append},
 * {@link #skip}, {@link #end}, {@link #allRead}), the delivery thread reads ({@link #read}, {@link #consumed}), the
 * checkpoint thread syncs and deletes ({@link #sync}, {@link #trim}). The lock guards only what they tell one another; no
 * file is touched under it.
 *
 * <p>A <em>run</em> is what is written from a {@link #begin} to an {@link #end}. It starts with everything that the sink
 * had not acknowledged, so it takes the place of the run before as a whole: a restart never delivers an old run's rest and
 * then the new one, which would show consumers an old state for good where the batches between the two are known to be
 * delivered. It counts from the {@link #sync} after all of that is written.
 */
public final class Spool {
    private final SpoolDisk disk;
    private final long segmentBytes;
    private final HeldMark mark;
    private final SegmentReader reader;

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock, as is all down to the next comment. */
    private final Deque<Segment> segments = new ArrayDeque<>();

    private long lastNumber;
    private long nextToRead;
    private long bytes;
    private long unreadEvents;
    private @Nullable Appended newestCommit;
    private boolean beginning;
    private volatile @Nullable Position held;

    /** Confined to the checkpoint thread. */
    private End synced;

    /** Confined to the source thread. */
    private @Nullable Segment active;

    private @Nullable SegmentWriter writer;
    private RecordOutput buffer = new RecordOutput();
    private long nextSegment;
    private long run;

    private static final int KEPT_BUFFER_BYTES = 4 << 20;

    /** A record with a commit position. */
    private record Appended(End end, Position commit) {}

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
            segments.addAll(found.segments());
            for (Segment segment : segments) {
                bytes += segment.length;
            }
            unreadEvents = found.events();
            held = found.held();
        } catch (IOException e) {
            throw failed("opened", e);
        }
        lastNumber = synced.lastNumber();
        nextToRead = segments.isEmpty() ? lastNumber + 1 : segments.getFirst().firstNumber;
        run = synced.run();
        nextSegment = synced.segment() + 1;
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
        lock.lock();
        try {
            return lastNumber;
        } finally {
            lock.unlock();
        }
    }

    /** What lies on the disk, delivered or not. Any thread. */
    public long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** How many events wait to be read. Any thread. */
    public long unreadEvents() {
        lock.lock();
        try {
            return unreadEvents;
        } finally {
            lock.unlock();
        }
    }

    /** True when nothing waits to be read. Stays true until the source thread appends. */
    public boolean allRead() {
        lock.lock();
        try {
            return nextToRead > lastNumber;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins a run.
     *
     * @param unacknowledged everything that the sink has not acknowledged, in order
     * @param readFrom the number of the first of them, or of the next to come, that is to be read again from here
     */
    public void begin(List<Entry> unacknowledged, long readFrom) {
        run = nextSegment;
        lock.lock();
        try {
            nextToRead = readFrom;
            beginning = true;
        } finally {
            lock.unlock();
        }
        Appended last = null;
        for (Entry entry : unacknowledged) {
            Appended appended = write(entry, 0);
            last = appended != null ? appended : last;
        }
        lock.lock();
        try {
            beginning = false;
            newestCommit = last != null ? last : newestCommit;
        } finally {
            lock.unlock();
        }
    }

    /** Appends to the run that was begun or found. */
    public void append(Entry entry) {
        write(entry, 0);
    }

    /** Appends that events were left out, so that the position may move past them. */
    public void skip(long number, long events, Position commit) {
        write(new Entry(number, new Batch(new io.deltaforge.event.Event[0], 0, 0, commit)), events);
    }

    private @Nullable Appended write(Entry entry, long skipped) {
        try {
            Segment segment = active;
            SegmentWriter to = writer;
            if (segment == null || to == null || segment.length >= segmentBytes) {
                segment = newSegment(entry.number());
                to = writerOf(segment);
            }
            long end = to.write(entry.batch(), skipped, buffer);
            if (buffer.length() > KEPT_BUFFER_BYTES) {
                buffer = new RecordOutput();
            }
            return publish(entry, segment, end);
        } catch (IOException e) {
            throw failed("written", e);
        }
    }

    private @Nullable Appended publish(Entry entry, Segment segment, long end) {
        Position commit = entry.batch().commit();
        Appended appended =
                commit == null ? null : new Appended(new End(segment.run, segment.id, end, entry.number()), commit);
        lock.lock();
        try {
            bytes += end - segment.length;
            segment.length = end;
            segment.lastNumber = entry.number();
            lastNumber = entry.number();
            if (entry.number() >= nextToRead) {
                unreadEvents += entry.batch().size();
            }
            if (appended != null && !beginning) {
                newestCommit = appended;
            }
            return appended;
        } finally {
            lock.unlock();
        }
    }

    private Segment newSegment(long firstNumber) throws IOException {
        closeActive();
        Segment segment = new Segment(nextSegment++, run, firstNumber);
        SpoolFile file = disk.create(segment.fileName());
        RecordOutput header = segment.header();
        writer = new SegmentWriter(file, header);
        active = segment;
        lock.lock();
        try {
            segment.file = file;
            segments.add(segment);
            bytes += segment.length;
        } finally {
            lock.unlock();
        }
        return segment;
    }

    private SegmentWriter writerOf(Segment segment) {
        SegmentWriter of = writer;
        if (of == null) {
            throw new IllegalStateException("no writer for segment " + segment.id);
        }
        return of;
    }

    private void closeActive() {
        Segment segment = active;
        active = null;
        writer = null;
        if (segment != null) {
            lock.lock();
            try {
                segment.closed = true;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Ends the run: nothing is appended until the next {@link #begin}. */
    public void end() {
        closeActive();
    }

    /** The next entry, or {@code null} when there is none; the same again until it is {@link #consumed}. */
    public @Nullable Entry read() {
        Segment segment;
        long number;
        long end;
        lock.lock();
        try {
            number = nextToRead;
            segment = number > lastNumber ? null : segmentOf(number);
            end = segment == null ? 0 : segment.length;
        } finally {
            lock.unlock();
        }
        try {
            if (segment == null) {
                reader.close();
                return null;
            }
            return reader.read(segment, number, end);
        } catch (IOException e) {
            throw failed("read", e);
        }
    }

    private Segment segmentOf(long number) {
        for (Segment segment : segments) {
            if (segment.firstNumber <= number && number <= segment.lastNumber) {
                return segment;
            }
        }
        throw new IllegalStateException("no segment of " + disk + " holds entry " + number);
    }

    /** The entry that was read last is now the reader's. */
    public void consumed(Entry entry) {
        lock.lock();
        try {
            nextToRead = entry.number() + 1;
            unreadEvents -= entry.batch().size();
        } finally {
            lock.unlock();
        }
    }

    /** Makes what was appended durable, and returns the newest commit that now is: what the sink holds. */
    public @Nullable Position sync() {
        Appended newest;
        List<Segment> toForce = new ArrayList<>();
        List<Segment> toClose = new ArrayList<>();
        lock.lock();
        try {
            newest = newestCommit;
            if (newest == null || newest.end.equals(synced)) {
                return held;
            }
            for (Segment segment : segments) {
                if (segment.file != null) {
                    toForce.add(segment);
                    if (segment.closed) {
                        toClose.add(segment);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
        try {
            for (Segment segment : toForce) {
                force(segment);
            }
            // Invariant 1: the records are durable before the mark that counts them, and that before anyone is told
            mark.write(newest.end);
            synced = newest.end;
            held = newest.commit;
            closeFiles(toClose);
            return held;
        } catch (IOException e) {
            throw failed("synced", e);
        }
    }

    private static void force(Segment segment) throws IOException {
        SpoolFile file = segment.file;
        if (file != null) {
            file.force();
        }
    }

    /** The checkpoint covers every entry up to this one: deletes the files that hold nothing else. */
    public void trim(long number) {
        List<Segment> done = new ArrayList<>();
        lock.lock();
        try {
            while (!segments.isEmpty() && segments.getFirst().closed && segments.getFirst().lastNumber <= number) {
                Segment segment = segments.removeFirst();
                bytes -= segment.length;
                done.add(segment);
            }
            if (newestCommit != null && !done.isEmpty() && newestCommit.end.segment() <= done.getLast().id) {
                newestCommit = null;
            }
        } finally {
            lock.unlock();
        }
        if (!done.isEmpty()) {
            delete(done);
        }
    }

    private void delete(List<Segment> done) {
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
            SpoolFile file = segment.file;
            segment.file = null;
            if (file != null) {
                file.close();
            }
        }
    }

    /** Forgets everything; for a checkpoint that covers it all, before the threads start. */
    public void clear() {
        trim(Long.MAX_VALUE);
        nextToRead = lastNumber + 1;
        unreadEvents = 0;
    }

    /** Closes the files, when no thread works on it any more; what is there stays. */
    public void close() {
        try {
            reader.close();
            closeFiles(new ArrayList<>(segments));
            mark.close();
        } catch (IOException e) {
            throw failed("closed", e);
        }
    }
}
