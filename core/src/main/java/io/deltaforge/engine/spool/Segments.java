package io.deltaforge.engine.spool;

import io.deltaforge.engine.spool.HeldMark.End;
import io.deltaforge.event.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What the three threads of a {@link Spool} tell one another. Thread-safe; touches no file. */
final class Segments {
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock, as is everything here; oldest first. */
    private final Deque<Segment> segments = new ArrayDeque<>();

    private long lastNumber;
    private long nextToRead;
    private long bytes;
    private long unreadEvents;
    private @Nullable Appended newestCommit;
    private @Nullable Appended newestCommitOfBeginning;
    private boolean beginning;

    /** A record with a commit position. */
    record Appended(End end, Position commit) {}

    /**
     * Where to read.
     *
     * @param end where the segment's last record ends
     */
    record ToRead(Segment segment, long number, long end) {}

    /**
     * What a sync has to do.
     *
     * @param open whose files may hold what is not synced
     * @param closed those of them that will not grow
     */
    record ToSync(Appended newest, List<Segment> open, List<Segment> closed) {}

    /** @param found what an earlier process left, of which nothing is read yet */
    Segments(List<Segment> found, long lastNumber, long unreadEvents) {
        segments.addAll(found);
        for (Segment segment : found) {
            bytes += segment.length;
        }
        this.lastNumber = lastNumber;
        this.unreadEvents = unreadEvents;
        nextToRead = found.isEmpty() ? lastNumber + 1 : found.getFirst().firstNumber;
    }

    long lastNumber() {
        lock.lock();
        try {
            return lastNumber;
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    long unreadEvents() {
        lock.lock();
        try {
            return unreadEvents;
        } finally {
            lock.unlock();
        }
    }

    boolean allRead() {
        lock.lock();
        try {
            return nextToRead > lastNumber;
        } finally {
            lock.unlock();
        }
    }

    /** What is appended from now on does not count before {@link #begun}; reading starts at this number. */
    void beginAt(long readFrom) {
        lock.lock();
        try {
            nextToRead = readFrom;
            beginning = true;
            newestCommitOfBeginning = null;
        } finally {
            lock.unlock();
        }
    }

    void begun() {
        lock.lock();
        try {
            beginning = false;
            newestCommit = newestCommitOfBeginning != null ? newestCommitOfBeginning : newestCommit;
        } finally {
            lock.unlock();
        }
    }

    void add(Segment segment) {
        lock.lock();
        try {
            segments.add(segment);
            bytes += segment.length;
        } finally {
            lock.unlock();
        }
    }

    /** @param end where the entry's record ends */
    void appended(Entry entry, Segment segment, long end) {
        Position commit = entry.batch().commit();
        lock.lock();
        try {
            bytes += end - segment.length;
            segment.length = end;
            segment.lastNumber = entry.number();
            lastNumber = entry.number();
            if (entry.number() >= nextToRead) {
                unreadEvents += entry.batch().size();
            }
            if (commit != null) {
                Appended appended = new Appended(new End(segment.run, segment.id, end, entry.number()), commit);
                if (beginning) {
                    newestCommitOfBeginning = appended;
                } else {
                    newestCommit = appended;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** The segment will not grow any more. */
    void closed(Segment segment) {
        lock.lock();
        try {
            segment.closed = true;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    ToRead next() {
        lock.lock();
        try {
            if (nextToRead > lastNumber) {
                return null;
            }
            for (Segment segment : segments) {
                if (segment.firstNumber <= nextToRead && nextToRead <= segment.lastNumber) {
                    return new ToRead(segment, nextToRead, segment.length);
                }
            }
            throw new IllegalStateException("no segment holds entry " + nextToRead);
        } finally {
            lock.unlock();
        }
    }

    void consumed(Entry entry) {
        lock.lock();
        try {
            nextToRead = entry.number() + 1;
            unreadEvents -= entry.batch().size();
        } finally {
            lock.unlock();
        }
    }

    /** {@code null} when nothing was appended that is not {@code synced}. */
    @Nullable
    ToSync toSync(End synced) {
        lock.lock();
        try {
            Appended newest = newestCommit;
            if (newest == null || newest.end.equals(synced)) {
                return null;
            }
            List<Segment> open =
                    segments.stream().filter(segment -> segment.file != null).toList();
            return new ToSync(
                    newest,
                    open,
                    open.stream().filter(segment -> segment.closed).toList());
        } finally {
            lock.unlock();
        }
    }

    /** Takes out those that will not grow and hold nothing beyond this number. */
    List<Segment> removeThrough(long number) {
        List<Segment> removed = new ArrayList<>();
        lock.lock();
        try {
            while (!segments.isEmpty() && segments.getFirst().closed && segments.getFirst().lastNumber <= number) {
                Segment segment = segments.removeFirst();
                bytes -= segment.length;
                removed.add(segment);
            }
            if (newestCommit != null && !removed.isEmpty() && newestCommit.end.segment() <= removed.getLast().id) {
                newestCommit = null;
            }
            return removed;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing that is there will be read. */
    void skipAll() {
        lock.lock();
        try {
            nextToRead = lastNumber + 1;
            unreadEvents = 0;
        } finally {
            lock.unlock();
        }
    }

    List<Segment> all() {
        lock.lock();
        try {
            return List.copyOf(segments);
        } finally {
            lock.unlock();
        }
    }
}
