package io.deltaforge.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs a source on a thread of its own, as the engine does, and keeps the log entries that it hands on. The source's thread
 * writes, the test's thread reads and steers.
 */
public final class PushFeed implements Feed, AutoCloseable {
    private final Source source;
    private final @Nullable Position start;
    private final Thread thread;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<Position> commits = new ArrayList<>();
    private final List<Failure> retried = new ArrayList<>();
    private volatile @Nullable Throwable end;
    private volatile @Nullable Position durable;
    private volatile boolean durableAtOnce = true;
    private volatile boolean room = true;
    private volatile boolean alive;
    private volatile boolean blocked;

    private PushFeed(Source source, @Nullable String start) {
        this.source = source;
        this.start = start == null ? null : source.parsePosition(start);
        this.thread = Thread.ofPlatform().name("source").unstarted(this::runSource);
    }

    /** Everything is durable as soon as it is committed. */
    public static PushFeed run(Source source) {
        return resume(source, null);
    }

    /** Nothing is durable until {@link #durableAtOnce} says so. */
    public static PushFeed runWithoutDurability(Source source) {
        PushFeed feed = new PushFeed(source, null);
        feed.durableAtOnce = false;
        feed.thread.start();
        return feed;
    }

    public static PushFeed resume(Source source, @Nullable String position) {
        PushFeed feed = new PushFeed(source, position);
        feed.thread.start();
        return feed;
    }

    private void runSource() {
        try (source) {
            boolean ended = false;
            while (!stopped() && !ended) {
                try {
                    source.run(this);
                    ended = true;
                } catch (Failure.Retryable e) {
                    synchronized (this) {
                        retried.add(e);
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
            }
        } catch (Throwable e) {
            end = e;
        }
    }

    /** Nothing becomes durable any more, or everything does. */
    public void durableAtOnce(boolean now) {
        durableAtOnce = now;
        if (now) {
            synchronized (this) {
                durable = commits.isEmpty() ? durable : commits.getLast();
            }
        }
    }

    /** Handing an event on takes until this is taken back, as when the engine finds no place for it. */
    public void blockEvents(boolean now) {
        blocked = now;
    }

    public void room(boolean now) {
        room = now;
    }

    public synchronized List<LogEntry> entries() {
        return List.copyOf(entries);
    }

    public synchronized List<Failure> retried() {
        return List.copyOf(retried);
    }

    public List<String> messages() {
        return entries().stream().map(PushFeed::message).toList();
    }

    public static String message(LogEntry entry) {
        return new String(entry.data(), entry.start(), entry.end() - entry.start(), UTF_8);
    }

    /** The last commit's text. */
    public synchronized String position() {
        return commits.getLast().text();
    }

    public synchronized List<Position> commits() {
        return List.copyOf(commits);
    }

    /** Waits until the source has said that it is there. */
    public PushFeed awaitAlive() {
        await().atMost(Duration.ofSeconds(60)).failFast(this::failIfItFailed).until(() -> alive);
        return this;
    }

    /** Waits for so many entries; fails at once when the source fails instead. */
    public List<LogEntry> awaitEntries(int count) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .failFast(this::failIfItFailed)
                .until(() -> entries().size() >= count);
        return entries();
    }

    private void failIfItFailed() {
        if (end != null) {
            throw new AssertionError("the source ended", end);
        }
    }

    /** Waits for the failure that ends the source. */
    public Failure.Fatal awaitFatal() {
        await().atMost(Duration.ofSeconds(60)).until(() -> end != null);
        if (end instanceof Failure.Fatal fatal) {
            return fatal;
        }
        throw new AssertionError("ended otherwise", end);
    }

    /** Waits until the source has returned by itself. */
    public void awaitEnd() {
        await().atMost(Duration.ofSeconds(60)).until(() -> !thread.isAlive());
        failIfItFailed();
    }

    /** True when the source returns by itself within the time. */
    public boolean awaitEndFor(Duration time) throws InterruptedException {
        return thread.join(time);
    }

    /** Stops the source and waits for it. */
    @Override
    public void close() {
        stop.countDown();
        await("the source's end").atMost(Duration.ofSeconds(60)).until(() -> !thread.isAlive());
    }

    @Override
    public synchronized @Nullable Position resumeFrom() {
        return commits.isEmpty() ? start : commits.getLast();
    }

    @Override
    public void event(Event event) {
        while (blocked && !stopped()) {
            awaitRoom(Duration.ofMillis(10));
        }
        synchronized (this) {
            entries.add((LogEntry) event);
        }
    }

    @Override
    public synchronized void commit(Position position) {
        commits.add(position);
        if (durableAtOnce) {
            durable = position;
        }
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public boolean awaitRoom(Duration atMost) {
        try {
            stop.await(Math.min(atMost.toMillis(), 10), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return room;
    }

    @Override
    public void idle() {}

    @Override
    public @Nullable Position durable() {
        return durable;
    }

    @Override
    public void lagBytes(long bytes) {
        alive = true;
    }

    @Override
    public boolean stopped() {
        return stop.getCount() == 0;
    }
}
