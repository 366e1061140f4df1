package io.deltaforge.source.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Feed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps what a source hands on. The source's thread writes, the test's thread reads and steers. */
final class LogFeed implements Feed {
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<Commit> commits = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final @Nullable Position checkpoint;
    private volatile long lagBytes = -1;
    private volatile int room = Integer.MAX_VALUE;
    private volatile int durable = Integer.MAX_VALUE;

    /** @param entries how many it covers */
    record Commit(Position position, int entries) {}

    LogFeed(@Nullable Position checkpoint) {
        this.checkpoint = checkpoint;
    }

    void stop() {
        stop.countDown();
    }

    /** Takes so many entries and then has no room. */
    void room(int count) {
        room = count;
    }

    /** How many of the commits are durable; all of them until this is called. */
    void durable(int count) {
        durable = count;
    }

    synchronized List<LogEntry> entries() {
        return List.copyOf(entries);
    }

    synchronized List<String> lines() {
        return entries.stream().map(LogFeed::text).toList();
    }

    static String text(LogEntry entry) {
        return new String(entry.data(), entry.start(), entry.end() - entry.start(), UTF_8);
    }

    synchronized List<Commit> commits() {
        return List.copyOf(commits);
    }

    long lagBytes() {
        return lagBytes;
    }

    @Override
    public synchronized @Nullable Position resumeFrom() {
        return commits.isEmpty() ? checkpoint : commits.getLast().position;
    }

    @Override
    public synchronized void event(Event event) {
        if (commits.isEmpty() && checkpoint == null) {
            throw new AssertionError("the place where reading begins is not the first commit");
        }
        entries.add((LogEntry) event);
    }

    @Override
    public synchronized void commit(Position position) {
        commits.add(new Commit(position, entries.size()));
    }

    @Override
    public synchronized boolean hasRoom() {
        return entries.size() < room;
    }

    @Override
    public boolean awaitRoom(Duration atMost) {
        try {
            stop.await(Math.min(10, atMost.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return hasRoom();
    }

    @Override
    public void idle() {}

    @Override
    public synchronized @Nullable Position durable() {
        int count = Math.min(durable, commits.size());
        return count == 0 ? checkpoint : commits.get(count - 1).position;
    }

    @Override
    public void lagBytes(long bytes) {
        lagBytes = bytes;
    }

    @Override
    public boolean stopped() {
        return stop.getCount() == 0;
    }
}
