package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** In memory only; when it is full the source waits: for a sink that is required. */
final class QueueBacklog implements Backlog {
    private final RoomShare room;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private long lastNumber;
    private volatile long acceptedEvents;

    QueueBacklog(RoomShare room) {
        this.room = room;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public boolean offer(Batch batch) {
        room.take(batch);
        acceptedEvents += batch.size();
        lock.lock();
        try {
            Entry last = waiting.peekLast();
            if (last != null && isOnlyPosition(last.batch()) && isOnlyPosition(batch)) {
                // of positions without events the newest says all: they must not pile up behind a sink that is away
                waiting.removeLast();
            }
            waiting.add(new Entry(++lastNumber, batch));
        } finally {
            lock.unlock();
        }
        return false;
    }

    private static boolean isOnlyPosition(Batch batch) {
        return batch.size() == 0 && batch.sizeBytes() == 0 && batch.commit() != null;
    }

    @Override
    public @Nullable Entry poll() {
        lock.lock();
        try {
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void delivered(Entry entry) {
        room.giveBack(entry.batch());
    }

    @Override
    public boolean isEmpty() {
        lock.lock();
        try {
            return waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isOnDisk() {
        return false;
    }

    @Override
    public long acceptedEvents() {
        return acceptedEvents;
    }

    @Override
    public long oldestCommitMicros() {
        lock.lock();
        try {
            return Backlog.oldestCommitMicros(waiting);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Position held() {
        return null;
    }

    @Override
    public @Nullable Position sync() {
        return null;
    }

    @Override
    public void checkpointed(long number) {}

    @Override
    public Spooled spooled() {
        return Spooled.NOTHING;
    }

    @Override
    public void close() {}
}
