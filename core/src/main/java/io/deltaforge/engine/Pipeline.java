package io.deltaforge.engine;

import io.deltaforge.checkpoint.CheckpointException;
import io.deltaforge.checkpoint.CheckpointStore;
import io.deltaforge.engine.spool.DirectoryDisk;
import io.deltaforge.engine.spool.SpoolDisk;
import io.deltaforge.engine.spool.SpoolException;
import io.deltaforge.event.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a pipeline: one source thread, one delivery thread a sink, one thread that makes checkpoints durable, and one that
 * watches over them from start to end. Thread-safe.
 */
public final class Pipeline {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);

    private final PipelineSpec spec;
    private final CheckpointStore store;
    private final PipelineMonitor monitor;
    private final Patience patience;
    private final Spools spools;
    private final SourceProgress progress = new SourceProgress();
    private final List<SinkProgress> delivered;
    private final CompletableFuture<PipelineState> ended = new CompletableFuture<>();
    private volatile PipelineState state = new PipelineState.Starting();
    private volatile Passage passage;
    /** Guarded by this. */
    private @Nullable Duration stopDeadline;

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
        this.store = store;
        this.monitor = monitor;
        this.patience = patience;
        this.spools = new Spools(spec, disks, patience, monitor);
        this.delivered = spec.sinks().stream()
                .map(sink -> new SinkProgress(new Breaker(sink.id(), spec.policyOf(sink), monitor)))
                .toList();
        this.passage = newPassage();
        spools.tellOfOtherSinks();
    }

    private Passage newPassage() {
        return new Passage(spec, store, monitor, patience, spools, progress, delivered);
    }

    /** Starts the threads; to be called once. */
    public void start() {
        Thread.ofPlatform().name("pipeline-" + spec.name()).start(() -> {
            state = new PipelineState.Running();
            state = runToEnd();
            ended.complete(state);
        });
    }

    /**
     * Stops reading, delivers what was read, checkpoints and ends; returns at once.
     *
     * @param deadline after which what is still on the way is given up; after a restart it is read again, where the source
     *     can, and else the pipeline ends {@link PipelineState.Failed}
     */
    public synchronized void stop(Duration deadline) {
        stopDeadline = deadline;
        passage.stop(deadline);
    }

    /** Completes with {@link PipelineState.Stopped} or {@link PipelineState.Failed}; never exceptionally. */
    public CompletableFuture<PipelineState> ended() {
        return ended.copy();
    }

    /** What can be seen of it now. */
    public PipelineStatus status() {
        Passage now = passage;
        List<PipelineStatus.SinkStatus> sinks = now.sinks();
        Position durable = now.durable();
        return new PipelineStatus(
                spec.name(),
                stateOf(now, sinks),
                spec.source().info().id(),
                progress.events(),
                progress.lagBytes(),
                progress.newestCommitMicros(),
                durable == null ? null : durable.text(),
                sinks);
    }

    private PipelineState stateOf(Passage now, List<PipelineStatus.SinkStatus> sinks) {
        PipelineState last = state;
        if (!(last instanceof PipelineState.Running)) {
            return last;
        }
        if (now.isDraining()) {
            return new PipelineState.Draining();
        }
        String trouble = now.sourceTrouble();
        if (trouble != null) {
            return new PipelineState.Retrying(trouble);
        }
        for (PipelineStatus.SinkStatus sink : sinks) {
            if (sink.trouble() != null) {
                return new PipelineState.Retrying("sink " + sink.id() + ": " + sink.trouble());
            }
        }
        return now.isConnected() ? last : new PipelineState.Starting();
    }

    private PipelineState runToEnd() {
        while (true) {
            switch (passage.run()) {
                case Passage.End.Complete complete -> {
                    return new PipelineState.Stopped();
                }
                case Passage.End.Failed failed -> {
                    return new PipelineState.Failed(failed.reason());
                }
                case Passage.End.Rewound rewound -> {
                    LOG.warn("pipeline {} goes back to its checkpoints: {}", spec.name(), rewound.reason());
                    try {
                        beginAnew();
                    } catch (IllegalArgumentException | SpoolException | CheckpointException e) {
                        return new PipelineState.Failed(String.valueOf(e.getMessage()));
                    }
                }
            }
        }
    }

    private synchronized void beginAnew() {
        passage = newPassage();
        if (stopDeadline != null) {
            passage.stop(stopDeadline);
        }
    }
}
