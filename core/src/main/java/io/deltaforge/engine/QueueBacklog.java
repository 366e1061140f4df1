package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** In memory only; when it is full the source waits: for a sink that is required. */
final class QueueBacklog implements Backlog {
    private final RoomShare room;
    private final ConcurrentLinkedQueue<Entry> waiting = new ConcurrentLinkedQueue<>();
    private long lastNumber;
    private volatile long acceptedEvents;

    QueueBacklog(RoomShare room) {
        this.room = room;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    public boolean offer(Batch batch) {
        room.take(batch.sizeBytes());
        acceptedEvents += batch.size();
        waiting.add(new Entry(++lastNumber, batch));
        return false;
    }

    @Override
    public @Nullable Entry poll() {
        return waiting.poll();
    }

    @Override
    public void delivered(Entry entry) {
        room.giveBack(entry.batch().sizeBytes());
    }

    @Override
    public boolean isEmpty() {
        return waiting.isEmpty();
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
