package io.deltaforge.sink.file;

import io.deltaforge.spi.Batch;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as lines of JSON into files. Confined to the sink's delivery thread, which makes the lines; a thread of its
 * own writes and syncs them, see {@link FileThread}.
 *
 * <p>A file that is being written ends in {@code .open}; it gets its name in one step when it is finished.
 */
public final class FileSink implements Sink {
    public static final ComponentType<Sink, FileSinkConfig> TYPE = new ComponentType<>(
            Sink.class, "file", "Files of JSON lines (JSON Lines, NDJSON).", FileSinkConfig.class, FileSink::new);

    private final FileSinkConfig config;
    private final Disk disk;
    private final Clock clock;
    private final LongSupplier nanoClock;
    private final LineMaker lines;
    private @Nullable FileThread live;

    public FileSink(FileSinkConfig config) {
        this(config, new DirectoryDisk(Path.of(config.directory())), Clock.systemUTC(), System::nanoTime);
    }

    FileSink(FileSinkConfig config, Disk disk, Clock clock, LongSupplier nanoClock) {
        this.config = config;
        this.disk = disk;
        this.clock = clock;
        this.nanoClock = nanoClock;
        this.lines = new LineMaker(config);
    }

    @Override
    public String id() {
        return config.id();
    }

    @Override
    public boolean required() {
        return config.required();
    }

    @Override
    public void open(SinkContext context) throws Failure {
        try {
            disk.open();
            try {
                LeftOvers.finish(disk, config.id());
            } catch (IOException e) {
                disk.close();
                throw e;
            }
        } catch (IOException e) {
            throw FileErrors.failure(e, disk.toString());
        }
        live = new FileThread(disk, new OpenFiles(disk, config, clock, nanoClock), config.id());
        live.start();
    }

    @Override
    public CompletableFuture<Void> write(Batch batch) {
        return write(lines.lines(batch));
    }

    @Override
    public CompletableFuture<Void> write(HandMade letter) {
        return write(lines.lines(letter));
    }

    private CompletableFuture<Void> write(BatchLines made) {
        FileThread files = live;
        if (files == null) {
            return CompletableFuture.failedFuture(new Failure.Retryable("the sink is closed", null));
        }
        files.write(made);
        return made.acknowledged();
    }

    @Override
    public void reset() {
        FileThread files = live;
        if (files != null) {
            files.forgive();
        }
    }

    @Override
    public void close() {
        FileThread files = live;
        live = null;
        if (files != null) {
            files.end();
        }
    }
}
