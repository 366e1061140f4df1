package io.deltaforge.source.postgres;

import static org.awaitility.Awaitility.await;

import io.deltaforge.spi.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A source on a thread of its own, called again after every retryable failure as the engine does. */
final class RunningSource implements AutoCloseable {
    private final RecordingFeed feed;
    private final Thread thread;
    private final List<Failure.Retryable> retried = new ArrayList<>();
    private volatile @Nullable Throwable end;

    RunningSource(PostgresSourceConfig config, RecordingFeed feed) {
        this.feed = feed;
        this.thread = Thread.ofPlatform().name("source").start(() -> run(config));
    }

    private void run(PostgresSourceConfig config) {
        try (PostgresSource source = new PostgresSource(config)) {
            while (!feed.stopped()) {
                try {
                    source.run(feed);
                } catch (Failure.Retryable e) {
                    synchronized (retried) {
                        retried.add(e);
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
            }
        } catch (Throwable e) {
            end = e;
        }
    }

    RecordingFeed feed() {
        return feed;
    }

    List<Failure.Retryable> retried() {
        synchronized (retried) {
            return List.copyOf(retried);
        }
    }

    /** Waits for so many events; fails at once when the source ends instead. */
    RecordingFeed awaitEvents(int count) {
        awaitUntil(() -> feed.eventCount() >= count);
        return feed;
    }

    /** Waits until the source reads, which is when it says how far behind it is. */
    RunningSource awaitStarted() {
        awaitUntil(() -> feed.lagBytes() >= 0);
        return this;
    }

    /** Waits for a failure after which the source tries again. */
    Failure.Retryable awaitRetry() {
        awaitUntil(() -> !retried().isEmpty());
        return retried().getFirst();
    }

    private void awaitUntil(Callable<Boolean> condition) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .failFast(() -> {
                    if (end != null) {
                        throw new AssertionError("the source ended", end);
                    }
                })
                .until(condition);
    }

    /** Waits for the failure that ends the source. */
    Failure.Fatal awaitFatal() {
        await().atMost(Duration.ofSeconds(60)).until(() -> end != null);
        if (end instanceof Failure.Fatal fatal) {
            return fatal;
        }
        throw new AssertionError("ended otherwise", end);
    }

    @Override
    public void close() {
        feed.stop();
        await("the source's end").atMost(Duration.ofSeconds(30)).until(() -> !thread.isAlive());
    }
}
