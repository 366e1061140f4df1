package io.deltaforge.sink.file;

import io.deltaforge.spi.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that owns a sink's files. While it syncs, batches gather; it takes all of them at once, so that they share the
 * next sync: an idle disk acknowledges at once, a busy one in groups. Thread-safe.
 *
 * <p>After a failure everything is refused until {@link #forgive}, so that nothing overtakes what failed (invariant 2).
 */
final class FileThread {
    private static final Logger LOG = LoggerFactory.getLogger(FileThread.class);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(10);

    private final Disk disk;
    private final OpenFiles files;
    private final String sink;
    private final Thread thread;

    private List<BatchLines> waiting = new ArrayList<>();
    private @Nullable Failure failure;
    private boolean ending;

    /** @param disk taken already; released when the thread ends */
    FileThread(Disk disk, OpenFiles files, String sink) {
        this.disk = disk;
        this.files = files;
        this.sink = sink;
        this.thread =
                Thread.ofPlatform().name("sink-" + sink + "-files").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void write(BatchLines batch) {
        Failure refusal;
        synchronized (this) {
            refusal = ending ? new Failure.Retryable("the sink is closed", null) : failure;
            if (refusal == null) {
                waiting.add(batch);
                notifyAll();
            }
        }
        if (refusal != null) {
            batch.fail(refusal);
        }
    }

    /** Everything that is not acknowledged is going to be written again: what waits is dropped. */
    void forgive() {
        List<BatchLines> dropped;
        synchronized (this) {
            failure = null;
            dropped = waiting;
            waiting = new ArrayList<>();
            notifyAll();
        }
        for (BatchLines batch : dropped) {
            batch.fail(new Failure.Retryable("it is going to be written again", null));
        }
    }

    /** Finishes the files, without what waits to be written, and ends; gives up waiting for a disk that hangs. */
    void end() {
        synchronized (this) {
            ending = true;
            notifyAll();
        }
        long deadlineNanos = System.nanoTime() + PATIENCE_AT_END.toNanos();
        boolean interrupted = false;
        long leftNanos = PATIENCE_AT_END.toNanos();
        while (thread.isAlive() && leftNanos > 0) {
            try {
                thread.join(Duration.ofNanos(leftNanos));
            } catch (InterruptedException e) {
                interrupted = true;
            }
            leftNanos = deadlineNanos - System.nanoTime();
        }
        if (thread.isAlive()) {
            LOG.warn(
                    "sink {}: the disk does not answer; {} keeps open files, to be finished at the next start",
                    sink,
                    disk);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean more = true;
        while (more) {
            more = step();
        }
        try (disk) {
            files.finishAll();
        } catch (IOException e) {
            LOG.warn("sink {}: {}; the files are finished at the next start", sink, e.toString());
        }
        fail(List.of(), new Failure.Retryable("the sink is closed", null));
    }

    private boolean step() {
        @Nullable List<BatchLines> round = null;
        try {
            round = next();
            if (round == null) {
                return false;
            }
            files.finishDue();
            if (!round.isEmpty()) {
                files.cutBack();
                append(round);
                files.acknowledge();
            }
        } catch (IOException e) {
            fail(round == null ? List.of() : round, FileErrors.failure(e, disk.toString()));
            return true;
        } catch (InterruptedException e) {
            return false;
        } catch (RuntimeException | Error e) {
            fail(
                    round == null ? List.of() : round,
                    new Failure.Fatal("writing to " + disk + " failed in a way that the sink does not know: " + e, e));
            return true;
        }
        for (BatchLines batch : round) {
            batch.complete();
        }
        return true;
    }

    /** What is to be written; nothing when a file has become old enough meanwhile; {@code null} at the end. */
    private synchronized @Nullable List<BatchLines> next() throws InterruptedException {
        while (waiting.isEmpty() && !ending) {
            if (failure != null) {
                wait();
                continue;
            }
            long nanos = files.nanosToNextDue();
            if (nanos <= 0) {
                return List.of();
            }
            wait(nanos / 1_000_000 + 1);
        }
        if (ending) {
            return null;
        }
        List<BatchLines> round = waiting;
        waiting = new ArrayList<>();
        return round;
    }

    private void append(List<BatchLines> round) throws IOException {
        Map<String, List<Lines>> byStream = new LinkedHashMap<>();
        for (BatchLines batch : round) {
            batch.byStream()
                    .forEach((stream, lines) -> byStream.computeIfAbsent(stream, name -> new ArrayList<>())
                            .add(lines));
        }
        for (Map.Entry<String, List<Lines>> stream : byStream.entrySet()) {
            files.append(stream.getKey(), stream.getValue());
        }
    }

    private void fail(List<BatchLines> round, Failure why) {
        List<BatchLines> failed = new ArrayList<>(round);
        synchronized (this) {
            failure = why;
            failed.addAll(waiting);
            waiting = new ArrayList<>();
        }
        try {
            files.cutBack();
        } catch (IOException e) {
            LOG.debug("sink {}: {}; to be cut back before the next write", sink, e.toString());
        }
        for (BatchLines batch : failed) {
            batch.fail(why);
        }
    }
}
