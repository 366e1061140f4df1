package io.deltaforge.engine;

import io.deltaforge.checkpoint.CheckpointException;
import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.CheckpointStore;
import io.deltaforge.engine.spool.SpoolException;
import io.deltaforge.event.Position;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import io.deltaforge.spi.SinkPolicy;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.TransactionalSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pipeline's way from its checkpoints on, until it is stopped, fails or has to go back to them. Thread-safe.
 *
 * <p>The order at the start: every sink that keeps its own checkpoint is opened and says where it stands, and only then does
 * the source begin there. The order later, which nothing may change either: sink durable → checkpoint durable → only then
 * confirm to the source.
 */
final class Passage {
    private static final Logger LOG = LoggerFactory.getLogger(Passage.class);
    private static final int LEAST_BATCHES_IN_QUEUE = 10;
    /** How long a failed pipeline still waits for what is on the way. */
    private static final Duration DRAIN_AFTER_FAILURE = Duration.ofSeconds(5);

    private final PipelineSpec spec;
    private final Room room;
    private final Checkpoints checkpoints;
    private final List<Delivery> deliveries = new ArrayList<>();
    private final SourceProgress progress;
    private final SourceLoop sourceLoop;
    private final CountDownLatch endWanted = new CountDownLatch(1);
    private volatile Duration drainDeadline = DRAIN_AFTER_FAILURE;
    private volatile boolean draining;
    private volatile @Nullable End end;

    /** How it ended. */
    sealed interface End {
        /** As asked, or because the source has. */
        record Complete() implements End {}

        /** It needs a human. */
        record Failed(String reason) implements End {}

        /** The pipeline is to go on from its checkpoints. */
        record Rewound(String reason) implements End {}
    }

    /** @param delivered for each sink */
    Passage(
            PipelineSpec spec,
            CheckpointStore store,
            PipelineMonitor monitor,
            Patience patience,
            Spools spools,
            SourceProgress progress,
            List<SinkProgress> delivered) {
        this.spec = spec;
        this.progress = progress;
        int count = spec.sinks().size();
        List<CheckpointKey> keys = new ArrayList<>();
        @Nullable Position[] restored = new Position[count];
        boolean[] required = new boolean[count];
        for (int i = 0; i < count; i++) {
            Sink sink = spec.sinks().get(i);
            keys.add(new CheckpointKey(spec.name(), spec.source().info().id(), sink.id()));
            restored[i] = restore(store.load(keys.get(i)), keys.get(i), spec.source());
            required[i] = sink.required();
        }
        room = room(spec, monitor, patience);
        List<RoomShare> shares = new ArrayList<>();
        List<Backlog> backlogs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            shares.add(new RoomShare(room, i));
            backlogs.add(spools.backlogOf(spec.sinks().get(i), shares.get(i), restored[i]));
        }
        checkpoints = new Checkpoints(
                store, keys, restored, backlogs, new CommitGate(spec.commitPolicy(), required), monitor);
        checkpoints.onEverySinkHolds(() -> deliveries.forEach(Delivery::wake));
        boolean noneRequired = spec.sinks().stream().noneMatch(Sink::required);
        for (int i = 0; i < count; i++) {
            Sink sink = spec.sinks().get(i);
            CheckpointKey key = keys.get(i);
            deliveries.add(new Delivery(
                    new Recipient(
                            i,
                            sink,
                            new SinkContext(spec.name(), spec.source().info(), spec.sendMaxBytes()),
                            sink.required() || noneRequired,
                            spec.filters().getOrDefault(sink.id(), EventFilter.NONE),
                            text -> Objects.requireNonNull(restore(text, key, spec.source())),
                            spec.policyOf(sink),
                            shares.get(i),
                            spec.sinkBatchDeadline(),
                            delivered.get(i)),
                    backlogs.get(i),
                    sink instanceof TransactionalSink
                            ? new OpenTransaction(spec.queueMaxBytes() / 2, patience.nanoClock())
                            : new CountedWindow(spec.batch().maxInflight()),
                    checkpoints,
                    spec.deadLetters(),
                    !spec.source().canPause(),
                    monitor,
                    patience));
        }
        BatchFeed feed = new BatchFeed(batchPolicy(spec), deliveries, checkpoints, room, progress, System::nanoTime);
        sourceLoop = new SourceLoop(spec.source(), feed, room, progress, monitor, patience.betweenAttempts());
    }

    private static Room room(PipelineSpec spec, PipelineMonitor monitor, Patience patience) {
        List<QueueLevel> queues = new ArrayList<>();
        for (Sink sink : spec.sinks()) {
            SinkPolicy policy = spec.policyOf(sink);
            PressureNews news =
                    new PressureNews(sink.id(), policy, spec.source().canPause(), monitor, patience.nanoClock());
            queues.add(new QueueLevel(spec.queueMaxBytes(), policy, news));
        }
        return new Room(queues);
    }

    /** A batch is small beside the smallest queue, or one step of the source would go through all its thresholds. */
    private static BatchPolicy batchPolicy(PipelineSpec spec) {
        BatchPolicy batch = spec.batch();
        int most = batch.maxEvents();
        for (Sink sink : spec.sinks()) {
            Integer queueSize = spec.policyOf(sink).queueSize();
            if (queueSize != null) {
                most = Math.min(most, Math.max(1, queueSize / LEAST_BATCHES_IN_QUEUE));
            }
        }
        long mostBytes = Math.min(batch.maxBytes(), Math.max(1024, spec.queueMaxBytes() / LEAST_BATCHES_IN_QUEUE));
        return new BatchPolicy(most, mostBytes, batch.maxMs(), batch.respectSourceTx(), batch.maxInflight());
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

    /** Ends it; returns at once. */
    void stop(Duration deadline) {
        drainDeadline = deadline;
        endWanted.countDown();
    }

    boolean isDraining() {
        return draining;
    }

    /** True once the source reads and every sink is open. */
    boolean isConnected() {
        return progress.signsOfLife() > 0 && deliveries.stream().allMatch(Delivery::isOpen);
    }

    @Nullable
    String sourceTrouble() {
        return sourceLoop.trouble();
    }

    List<PipelineStatus.SinkStatus> sinks() {
        return deliveries.stream().map(Delivery::status).toList();
    }

    @Nullable
    Position durable() {
        return checkpoints.durable();
    }

    /** Works until the end; to be called once. */
    End run() {
        Thread saver = guarded("checkpoints-" + spec.name(), checkpoints::run);
        List<Thread> senders = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            senders.add(guarded(threadName("sink", delivery.sink().id()), delivery::deliver));
        }
        Thread reader = guarded(threadName("source", spec.source().info().id()), () -> {
            for (Delivery delivery : deliveries) {
                delivery.awaitPosition();
            }
            sourceLoop.run();
            endWanted.countDown();
        });
        try {
            endWanted.await();
            drain(reader, senders);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        checkpoints.close();
        joinUninterruptibly(saver);
        deliveries.forEach(Delivery::close);
        End told = end;
        End how = told == null ? new End.Complete() : told;
        if (how instanceof End.Complete && isSomethingLost()) {
            return new End.Failed("events are lost: they were read and not delivered, and source "
                    + spec.source().info().id() + " cannot read them again");
        }
        return how;
    }

    private boolean isSomethingLost() {
        if (spec.source().canReadAgain()) {
            return false;
        }
        Position read = progress.newestCommit();
        Position held = checkpoints.heldByAll();
        return read != null
                && progress.events() > 0
                && (held == null || !read.earliest(held).equals(read));
    }

    private void drain(Thread reader, List<Thread> senders) throws InterruptedException {
        draining = true;
        long deadlineNanos = System.nanoTime() + drainDeadline.toNanos();
        room.close();
        deliveries.forEach(Delivery::stopAwaitingPosition);
        join(reader, deadlineNanos);
        deliveries.forEach(Delivery::drain);
        for (int i = 0; i < senders.size(); i++) {
            if (deliveries.get(i).isOpeningForNothing()) {
                senders.get(i).interrupt(); // nobody is to wait for a server that does not answer
            }
        }
        for (Thread sender : senders) {
            join(sender, deadlineNanos);
        }
        deliveries.forEach(Delivery::abort);
        for (Thread sender : senders) {
            if (sender.isAlive()) {
                LOG.warn("{}: not everything was delivered in time{}", sender.getName(), whatBecomesOfTheRest());
                sender.interrupt();
                sender.join();
            }
        }
        reader.join();
    }

    private String whatBecomesOfTheRest() {
        return spec.source().canReadAgain() ? "; it will be read again" : "";
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
        void run() throws Failure.Fatal, Rewind, InterruptedException;
    }

    /** In the log it tells which of several pipelines says something: their sinks may have the same ids. */
    private String threadName(String kind, String id) {
        return kind + "-" + spec.name() + "/" + id;
    }

    private Thread guarded(String name, Work work) {
        return Thread.ofPlatform().name(name).start(() -> {
            try {
                work.run();
            } catch (Failure.Fatal fatal) {
                end(new End.Failed(String.valueOf(fatal.getMessage())));
            } catch (Rewind rewind) {
                end(new End.Rewound(String.valueOf(rewind.getMessage())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SpoolException | CheckpointException disk) {
                LOG.error("{} cannot go on", name, disk);
                end(new End.Failed(String.valueOf(disk.getMessage())));
            } catch (Throwable bug) {
                LOG.error("{} died", name, bug);
                end(new End.Failed(name + " died: " + bug));
            }
        });
    }

    /** The first counts, but what needs a human more than what does not. */
    private synchronized void end(End how) {
        if (end == null || (end instanceof End.Rewound && how instanceof End.Failed)) {
            end = how;
            endWanted.countDown();
        }
    }
}
