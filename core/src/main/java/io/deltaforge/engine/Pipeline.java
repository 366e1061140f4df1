package io.deltaforge.engine;

import io.deltaforge.checkpoint.CheckpointException;
import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.CheckpointStore;
import io.deltaforge.engine.spool.DirectoryDisk;
import io.deltaforge.engine.spool.SpoolDisk;
import io.deltaforge.engine.spool.SpoolException;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import io.deltaforge.spi.Source;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a pipeline: one source thread, one delivery thread a sink, one thread that makes checkpoints durable, and one that
 * watches over them from start to end. Thread-safe.
 *
 * <p>The order that nothing may change: sink durable → checkpoint durable → only then confirm to the source.
 */
public final class Pipeline {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
    /** How long a failed pipeline still waits for what is on the way. */
    private static final Duration DRAIN_AFTER_FAILURE = Duration.ofSeconds(5);

    private final PipelineSpec spec;
    private final Room room;
    private final Checkpoints checkpoints;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final SourceProgress progress = new SourceProgress();
    private final SourceLoop sourceLoop;
    private final CountDownLatch endWanted = new CountDownLatch(1);
    private final CompletableFuture<PipelineState> ended = new CompletableFuture<>();
    private volatile PipelineState state = new PipelineState.Starting();
    private volatile @Nullable String failure;
    private volatile Duration drainDeadline = DRAIN_AFTER_FAILURE;

    /**
     * Reads the checkpoints and what waits on disk; starts nothing.
     *
     * @throws IllegalArgumentException when a checkpoint is none of this source's
     * @throws SpoolException when what waits on disk is damaged
     */
    public Pipeline(PipelineSpec spec, CheckpointStore store, PipelineMonitor monitor) {
        this(spec, store, monitor, Patience.USUAL, DirectoryDisk::new);
    }

    Pipeline(
            PipelineSpec spec,
            CheckpointStore store,
            PipelineMonitor monitor,
            Patience patience,
            Function<Path, SpoolDisk> disks) {
        this.spec = spec;
        int count = spec.sinks().size();
        List<CheckpointKey> keys = new ArrayList<>();
        @Nullable Position[] restored = new Position[count];
        boolean[] required = new boolean[count];
        List<Backlog> backlogs = new ArrayList<>();
        room = new Room(spec.queueMaxBytes(), count);
        Spools spools = new Spools(spec, disks, patience, monitor);
        for (int i = 0; i < count; i++) {
            Sink sink = spec.sinks().get(i);
            CheckpointKey key =
                    new CheckpointKey(spec.name(), spec.source().info().id(), sink.id());
            keys.add(key);
            restored[i] = restore(store.load(key), key, spec.source());
            required[i] = sink.required();
            backlogs.add(spools.backlogOf(sink, new RoomShare(room, i, spec.queueMaxBytes()), restored[i]));
        }
        checkpoints = new Checkpoints(
                store, keys, restored, backlogs, new CommitGate(spec.commitPolicy(), required), monitor);
        SinkContext context = new SinkContext(spec.name(), spec.source().info());
        boolean noneRequired = spec.sinks().stream().noneMatch(Sink::required);
        for (int i = 0; i < count; i++) {
            Sink sink = spec.sinks().get(i);
            deliveries.add(new Delivery(
                    new Delivery.Recipient(i, sink, context, sink.required() || noneRequired),
                    backlogs.get(i),
                    spec.batch().maxInflight(),
                    checkpoints,
                    monitor,
                    patience));
        }
        BatchFeed feed = new BatchFeed(spec.batch(), deliveries, checkpoints, room, progress, System::nanoTime);
        sourceLoop = new SourceLoop(spec.source(), feed, room, progress, monitor, patience.betweenAttempts());
    }

    private static @Nullable Position restore(@Nullable String text, CheckpointKey key, Source source) {
        if (text == null) {
            return null;
        }
        try {
            return source.parsePosition(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the checkpoint of pipeline " + key.pipeline() + ", sink " + key.sink() + " is \"" + text
                            + "\", which is no position of source " + key.source() + ": was the source changed?",
                    e);
        }
    }

    /** Starts the threads; to be called once. */
    public void start() {
        Thread.ofPlatform().name("pipeline-" + spec.name()).start(this::superviseUntilEnd);
    }

    /**
     * Stops reading, delivers what was read, checkpoints and ends; returns at once.
     *
     * @param deadline after which what is still on the way is given up; it will be read again after a restart
     */
    public void stop(Duration deadline) {
        drainDeadline = deadline;
        endWanted.countDown();
    }

    /** Completes with {@link PipelineState.Stopped} or {@link PipelineState.Failed}; never exceptionally. */
    public CompletableFuture<PipelineState> ended() {
        return ended.copy();
    }

    /** What can be seen of it now. */
    public PipelineStatus status() {
        List<PipelineStatus.SinkStatus> sinks = new ArrayList<>();
        String trouble = sourceLoop.trouble();
        for (Delivery delivery : deliveries) {
            PipelineStatus.SinkStatus sink = delivery.status();
            sinks.add(sink);
            if (trouble == null && sink.trouble() != null) {
                trouble = "sink " + sink.id() + ": " + sink.trouble();
            }
        }
        Position durable = checkpoints.durable();
        return new PipelineStatus(
                spec.name(),
                stateNow(trouble),
                spec.source().info().id(),
                progress.events(),
                progress.lagBytes(),
                progress.newestCommitMicros(),
                durable == null ? null : durable.text(),
                sinks);
    }

    private PipelineState stateNow(@Nullable String trouble) {
        PipelineState now = state;
        if (!(now instanceof PipelineState.Running)) {
            return now;
        }
        if (trouble != null) {
            return new PipelineState.Retrying(trouble);
        }
        boolean connected = progress.signsOfLife() > 0 && deliveries.stream().allMatch(Delivery::isOpen);
        return connected ? now : new PipelineState.Starting();
    }

    private void superviseUntilEnd() {
        Thread saver = guarded("checkpoints-" + spec.name(), checkpoints::run);
        List<Thread> senders = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            senders.add(guarded("sink-" + delivery.sink().id(), delivery::deliver));
        }
        Thread reader = guarded("source-" + spec.source().info().id(), () -> {
            sourceLoop.run();
            endWanted.countDown();
        });
        state = new PipelineState.Running();
        try {
            endWanted.await();
            drain(reader, senders);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        checkpoints.close();
        joinUninterruptibly(saver);
        deliveries.forEach(Delivery::close);
        String reason = failure;
        state = reason == null ? new PipelineState.Stopped() : new PipelineState.Failed(reason);
        ended.complete(state);
    }

    private void drain(Thread reader, List<Thread> senders) throws InterruptedException {
        state = new PipelineState.Draining();
        long deadlineNanos = System.nanoTime() + drainDeadline.toNanos();
        room.close();
        join(reader, deadlineNanos);
        deliveries.forEach(Delivery::drain);
        for (Thread sender : senders) {
            join(sender, deadlineNanos);
        }
        deliveries.forEach(Delivery::abort);
        for (Thread sender : senders) {
            if (sender.isAlive()) {
                LOG.warn("{}: not everything was delivered in time; it will be read again", sender.getName());
                sender.interrupt();
                sender.join();
            }
        }
        reader.join();
    }

    private static void join(Thread thread, long deadlineNanos) throws InterruptedException {
        long leftMillis = (deadlineNanos - System.nanoTime()) / 1_000_000;
        if (leftMillis > 0) {
            thread.join(leftMillis);
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work of one of the pipeline's threads. */
    private interface Work {
        void run() throws Failure.Fatal, InterruptedException;
    }

    private Thread guarded(String name, Work work) {
        return Thread.ofPlatform().name(name).start(() -> {
            try {
                work.run();
            } catch (Failure.Fatal fatal) {
                fail(String.valueOf(fatal.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SpoolException | CheckpointException disk) {
                LOG.error("{} cannot go on", name, disk);
                fail(String.valueOf(disk.getMessage()));
            } catch (Throwable bug) {
                LOG.error("{} died", name, bug);
                fail(name + " died: " + bug);
            }
        });
    }

    private synchronized void fail(String reason) {
        if (failure == null) {
            failure = reason;
            endWanted.countDown();
        }
    }
}
