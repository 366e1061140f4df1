package io.deltaforge.source.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.event.Position;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source that runs in a thread of its own. */
final class Following implements AutoCloseable {
    private final LogsSource source;
    private final LogFeed feed;
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    private Following(LogsSource source, LogFeed feed) {
        this.source = source;
        this.feed = feed;
        this.thread = new Thread(this::run, "following");
        thread.start();
    }

    /** @param checkpoint the text of a position; {@code null} for the first start */
    static Following from(LogsSourceConfig config, @Nullable String checkpoint) {
        LogsSource source = new LogsSource(config);
        Position position = checkpoint == null ? null : source.parsePosition(checkpoint);
        return new Following(source, new LogFeed(position));
    }

    private void run() {
        try {
            source.run(feed);
        } catch (Throwable e) {
            failure = e;
        }
    }

    LogFeed feed() {
        return feed;
    }

    Following awaitLines(String... lines) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(feed.lines()).containsExactly(lines));
        return this;
    }

    Following awaitCount(int count) {
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(feed.lines()).hasSizeGreaterThanOrEqualTo(count));
        return this;
    }

    /** Waits until it has said where it begins. */
    Following awaitBegun() {
        await().atMost(Duration.ofMinutes(1)).until(() -> feed.lagBytes() >= 0);
        return this;
    }

    /** Ends it; the text of its last commit. */
    String stop() {
        close();
        List<LogFeed.Commit> commits = feed.commits();
        return commits.getLast().position().text();
    }

    @Override
    public void close() {
        feed.stop();
        try {
            thread.join(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        assertThat(thread.isAlive()).isFalse();
        assertThat(failure).isNull();
        source.close();
    }
}
