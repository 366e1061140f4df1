package io.deltaforge.source.postgres;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.event.RowChange;
import io.deltaforge.spi.Feed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Keeps what a source hands on. The source's thread writes, the test's thread reads and steers. */
final class RecordingFeed implements Feed {
    private final List<Event> events = new ArrayList<>();
    private final List<PgPosition> commits = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicLong lagBytes = new AtomicLong(-1);
    private volatile @Nullable PgPosition checkpoint;
    private volatile @Nullable PgPosition durable;
    private volatile boolean durableAtOnce = true;
    private volatile int roomForEvents = Integer.MAX_VALUE;

    RecordingFeed from(@Nullable PgPosition position) {
        checkpoint = position;
        return this;
    }

    /** Nothing becomes durable until {@link #durable(PgPosition)} says so. */
    RecordingFeed withoutDurability() {
        durableAtOnce = false;
        return this;
    }

    RecordingFeed withRoomFor(int count) {
        roomForEvents = count;
        return this;
    }

    void durable(PgPosition position) {
        durable = position;
    }

    void stop() {
        stop.countDown();
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    synchronized List<RowChange> changes() {
        return events.stream()
                .filter(RowChange.class::isInstance)
                .map(RowChange.class::cast)
                .toList();
    }

    synchronized int eventCount() {
        return events.size();
    }

    synchronized List<PgPosition> commits() {
        return List.copyOf(commits);
    }

    long lagBytes() {
        return lagBytes.get();
    }

    @Override
    public synchronized @Nullable Position resumeFrom() {
        return commits.isEmpty() ? checkpoint : commits.getLast();
    }

    @Override
    public synchronized void event(Event event) {
        events.add(event);
    }

    @Override
    public synchronized void commit(Position position) {
        commits.add((PgPosition) position);
        if (durableAtOnce) {
            durable = (PgPosition) position;
        }
    }

    @Override
    public boolean hasRoom() {
        return eventCount() < roomForEvents;
    }

    @Override
    public boolean awaitRoom(Duration atMost) {
        try {
            long deadline = System.nanoTime() + atMost.toNanos();
            while (!hasRoom() && System.nanoTime() < deadline && !stop.await(10, TimeUnit.MILLISECONDS)) {
                // the latch is the clock here
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return hasRoom();
    }

    @Override
    public void idle() {}

    @Override
    public @Nullable Position durable() {
        return durable;
    }

    @Override
    public void lagBytes(long bytes) {
        lagBytes.set(bytes);
    }

    @Override
    public boolean stopped() {
        return stop.getCount() == 0;
    }
}
