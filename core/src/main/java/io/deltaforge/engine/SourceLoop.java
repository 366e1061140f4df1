package io.deltaforge.engine;

import io.deltaforge.reliability.Backoff;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Source;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads from the source, and again after every failure that can get better. {@link #run} is the source thread. */
final class SourceLoop {
    private static final Logger LOG = LoggerFactory.getLogger(SourceLoop.class);

    private final Source source;
    private final BatchFeed feed;
    private final Room room;
    private final SourceProgress progress;
    private final PipelineMonitor monitor;
    private final Backoff backoff;
    private volatile @Nullable String trouble;
    private int failures;
    private volatile long signsOfLifeAtFailure;

    SourceLoop(
            Source source,
            BatchFeed feed,
            Room room,
            SourceProgress progress,
            PipelineMonitor monitor,
            Backoff backoff) {
        this.source = source;
        this.feed = feed;
        this.room = room;
        this.progress = progress;
        this.monitor = monitor;
        this.backoff = backoff;
    }

    /** Why reading fails at the moment; {@code null} when it does not, or something was read since. */
    @Nullable
    String trouble() {
        return progress.signsOfLife() > signsOfLifeAtFailure ? null : trouble;
    }

    void run() throws Failure.Fatal {
        try {
            while (!room.isClosed() && !readToEnd()) {
                // every round ended in a failure that was waited out
            }
            feed.finish();
        } catch (Overflow.Stopped stopped) {
            throw stopped.failure();
        } finally {
            source.close();
        }
    }

    private boolean readToEnd() throws Failure.Fatal {
        try {
            source.run(feed);
            return true;
        } catch (Failure.Fatal fatal) {
            monitor.sourceFailed("fatal");
            throw fatal;
        } catch (Failure failure) {
            monitor.sourceFailed("retryable");
            if (progress.signsOfLife() > signsOfLifeAtFailure) {
                failures = 0;
            }
            failures++;
            signsOfLifeAtFailure = progress.signsOfLife();
            String before = failures == 1 ? null : trouble;
            String now = "source " + source.info().id() + ": " + failure.getMessage();
            trouble = now;
            Duration asked = failure instanceof Failure.Retryable retryable ? retryable.after() : null;
            Duration delay = asked != null ? asked : backoff.delay(failures);
            if (!now.equals(before)) {
                LOG.warn("{}; trying again in {} ms", now, delay.toMillis());
            }
            room.awaitClosed(delay);
            return false;
        }
    }
}
