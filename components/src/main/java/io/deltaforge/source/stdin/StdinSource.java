package io.deltaforge.source.stdin;

import io.deltaforge.event.LogStream;
import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.intake.Intake;
import io.deltaforge.spi.intake.Pump;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines of standard input. Its end is the pipeline's, once everything is delivered. A thread of its own reads, and does not
 * while there is no room. Confined to the source thread.
 */
public final class StdinSource implements Source {
    private static final Logger log = LoggerFactory.getLogger(StdinSource.class);

    public static final ComponentType<Source, StdinSourceConfig> TYPE = new ComponentType<>(
            Source.class,
            "stdin",
            "Lines of standard input; the pipeline ends with it, after everything is delivered.",
            StdinSourceConfig.class,
            config -> new StdinSource(config, new FileInputStream(FileDescriptor.in)));

    /** Most that waits between the reading thread and the queues. */
    private static final long MAX_WAITING_BYTES = 4 << 20;

    /** At the end: a reader that has not come back by then has nothing to read. */
    private static final Duration FAREWELL = Duration.ofMillis(100);

    private final StdinSourceConfig config;
    private final SourceInfo info;
    private final Intake intake = new Intake(MAX_WAITING_BYTES);
    private final Pump pump;
    /** Confined to the reading thread, of which there is one at a time. */
    private final LineReader lines;
    /** Guarded by this, as is {@link #ending}; null when none may read on. */
    private @Nullable Thread reader;

    private boolean ending;
    private volatile @Nullable IOException trouble;

    StdinSource(StdinSourceConfig config, InputStream in) {
        this.config = config;
        this.info = new SourceInfo("stdin", config.id(), "");
        this.pump = new Pump(info, intake);
        this.lines = new LineReader(in, new LogStream("stdin", "stdin", config.labels(), null), config.maxLineBytes());
    }

    @Override
    public SourceInfo info() {
        return info;
    }

    @Override
    public boolean canReadAgain() {
        return false;
    }

    @Override
    public Position parsePosition(String text) {
        return pump.parsePosition(text);
    }

    @Override
    public void run(Feed feed) throws Failure {
        pump.begin(feed);
        beginReading();
        pump.run(feed);
        endReading();
        pump.drain(feed);
        IOException failed = trouble;
        if (failed != null) {
            throw new Failure.Fatal(
                    "standard input cannot be read: " + failed.getMessage() + ". What was read before is delivered",
                    failed);
        }
    }

    /** Reading goes on where it was ended, as after an aborted Kafka transaction. */
    private synchronized void beginReading() {
        ending = false;
        if (reader == null) {
            log.info("{}: reading standard input", config.id());
            reader = Thread.ofPlatform().name("stdin-" + config.id()).daemon().start(this::read);
        }
    }

    /** What was read is in the intake afterwards, and nothing more is read, except by a read that blocks. */
    private void endReading() {
        Thread last;
        synchronized (this) {
            ending = true;
            last = reader;
        }
        intake.letIn();
        try {
            if (last != null) {
                last.join(FAREWELL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when the reading thread is to end. */
    private synchronized boolean readsOn() {
        if (ending) {
            reader = null;
        }
        return !ending;
    }

    private void read() {
        try {
            while (!lines.hasEnded()) {
                if (!readsOn()) {
                    return;
                }
                intake.put(lines.read());
            }
        } catch (IOException e) {
            trouble = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        intake.finish();
    }

    /** A read that blocks cannot be ended from here: its thread ends with the program. */
    @Override
    public void close() {}
}
