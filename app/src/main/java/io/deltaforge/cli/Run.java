package io.deltaforge.cli;

import io.deltaforge.checkpoint.CheckpointException;
import io.deltaforge.checkpoint.CheckpointStore;
import io.deltaforge.checkpoint.SqliteCheckpoints;
import io.deltaforge.config.PipelineConfig;
import io.deltaforge.engine.Pipeline;
import io.deltaforge.engine.PipelineSpec;
import io.deltaforge.engine.PipelineState;
import io.deltaforge.engine.QueueMemory;
import io.deltaforge.engine.spool.SpoolException;
import io.deltaforge.reliability.JournalException;
import io.deltaforge.server.Address;
import io.deltaforge.server.ControlPlane;
import io.deltaforge.server.Metrics;
import io.deltaforge.server.PipelineView;
import io.deltaforge.spi.Sink;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pipelines at work, with all that is around them. Each pipeline ends for itself; the run ends with the last one.
 * Thread-safe.
 */
final class Run implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);
    /** How long after the deadline of a stop the threads may take to end before they are left behind. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Metrics metrics;
    private final ControlPlane controlPlane;
    private final CheckpointStore checkpoints;
    private final DeadLetterQueues deadLetters;
    private final Duration shutdownTimeout;
    private final List<Pipeline> pipelines = new ArrayList<>();
    private final List<CompletableFuture<PipelineState>> ends = new ArrayList<>();
    private final CompletableFuture<Void> stopWanted = new CompletableFuture<>();

    private Run(
            Metrics metrics,
            ControlPlane controlPlane,
            CheckpointStore checkpoints,
            DeadLetterQueues deadLetters,
            Duration shutdownTimeout) {
        this.metrics = metrics;
        this.controlPlane = controlPlane;
        this.checkpoints = checkpoints;
        this.deadLetters = deadLetters;
        this.shutdownTimeout = shutdownTimeout;
    }

    /**
     * @throws UserError when the machine is not as it must be; nothing runs then
     */
    static Run start(
            List<PipelineConfig> configs,
            DataDirectory data,
            Address api,
            Address metricsAddress,
            Duration shutdownTimeout) {
        QueueMemory memory = memoryFor(configs);
        Clock clock = Clock.systemUTC();
        Metrics metrics = new Metrics(clock);
        ControlPlane controlPlane = null;
        CheckpointStore checkpoints = null;
        DeadLetterQueues deadLetters = null;
        try {
            controlPlane = ControlPlane.start(api, metricsAddress, metrics, clock);
            checkpoints = new SqliteCheckpoints(data.checkpoints(), clock);
            deadLetters = DeadLetterQueues.open(configs, data.journal(), clock);
            Run run = new Run(metrics, controlPlane, checkpoints, deadLetters, shutdownTimeout);
            run.startPipelines(configs, data.spools(), memory);
            return run;
        } catch (IOException | CheckpointException | JournalException | SpoolException | IllegalArgumentException e) {
            closeAll(controlPlane, checkpoints, deadLetters, metrics);
            throw UserError.fatal(String.valueOf(e.getMessage()));
        }
    }

    private void startPipelines(List<PipelineConfig> configs, Path spools, QueueMemory memory) {
        List<PipelineView> views = new ArrayList<>();
        for (PipelineConfig config : configs) {
            List<String> sinks = config.sinks().stream().map(Sink::id).toList();
            metrics.name(config.name(), config.sinkTypes());
            PipelineSpec spec = PipelineSpec.of(
                            config.name(), config.source(), config.sinks(), config.batch(), config.commitPolicy())
                    .queueMaxBytes(memory.queueMaxBytes())
                    .sendMaxBytes(memory.sendMaxBytes())
                    .spooling(new PipelineSpec.Spooling(spools, config.spool()))
                    .deadLetters(deadLetters.of(config, metrics.deadLetterMonitor(config.name(), sinks)))
                    .sinkBatchDeadline(config.sinkBatchDeadline())
                    .filters(config.filters())
                    .policies(config.policies())
                    .build();
            Pipeline pipeline = new Pipeline(spec, checkpoints, metrics.monitor(config.name(), sinks));
            pipelines.add(pipeline);
            metrics.watch(config.name(), sinks, pipeline::status);
            metrics.watchSource(config.name(), config.source().figures());
            config.sinks().forEach(sink -> metrics.watchDriver(config.name(), sink.id(), sink.figures()));
            metrics.watchDeadLetters(
                    config.name(),
                    sinks,
                    () -> deadLetters.entries(config.name()),
                    () -> deadLetters.parked(config.name()));
            views.add(new PipelineView(config.name(), config.tenant(), config.labels(), pipeline::status));
        }
        controlPlane.show(views);
        for (int i = 0; i < pipelines.size(); i++) {
            String name = configs.get(i).name();
            pipelines.get(i).start();
            LOG.info("pipeline {} started", name);
            ends.add(pipelines.get(i).ended().whenComplete((state, bug) -> logEnd(name, state)));
        }
    }

    /** So that the sinks of all pipelines together fit the heap, however many there are. */
    private static QueueMemory memoryFor(List<PipelineConfig> configs) {
        int sinks = configs.stream().mapToInt(config -> config.sinks().size()).sum();
        QueueMemory memory = new QueueMemory(Runtime.getRuntime().maxMemory(), sinks);
        long heap = memory.heapBytes() >> 20;
        long ample = (memory.ampleHeapBytes() >> 20) + 1;
        if (!memory.suffices()) {
            throw UserError.fatal("a heap of %d MiB is too small for %d sinks; give it more: DELTAFORGE_OPTS=-Xmx%dm"
                    .formatted(heap, sinks, ample));
        }
        if (memory.isScarce()) {
            LOG.info(
                    "{} sinks share a heap of {} MiB: each has a queue of {} MiB; DELTAFORGE_OPTS=-Xmx{}m gives them {}",
                    sinks,
                    heap,
                    memory.queueMaxBytes() >> 20,
                    ample,
                    PipelineSpec.DEFAULT_QUEUE_MAX_BYTES >> 20);
        }
        return memory;
    }

    private static void logEnd(String name, PipelineState state) {
        if (state instanceof PipelineState.Failed failed) {
            LOG.error("pipeline {} stopped: {}", name, failed.reason());
        } else {
            LOG.info("pipeline {} ended", name);
        }
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    /** Stops reading and delivers what was read; returns at once. Called again it does nothing. */
    void stop() {
        if (stopWanted.complete(null)) {
            LOG.info("stopping; what was read is delivered within {} s", shutdownTimeout.toSeconds());
            pipelines.forEach(pipeline -> pipeline.stop(shutdownTimeout));
        }
    }

    /** Of the form {@code host:port}, with the port it got. */
    String apiAddress() {
        return shown(controlPlane.apiAddress());
    }

    /** Like {@link #apiAddress}. */
    String metricsAddress() {
        return shown(controlPlane.metricsAddress());
    }

    /** True when no pipeline runs any more. */
    boolean hasEnded() {
        return ends.stream().allMatch(CompletableFuture::isDone);
    }

    /** What a pipeline fails at, for the moment or for good. */
    Optional<String> trouble() {
        return pipelines.stream()
                .map(pipeline -> switch (pipeline.status().state()) {
                    case PipelineState.Retrying retrying -> retrying.reason();
                    case PipelineState.Failed failed -> failed.reason();
                    case PipelineState.Starting starting -> "";
                    case PipelineState.Running running -> "";
                    case PipelineState.Draining draining -> "";
                    case PipelineState.Stopped stopped -> "";
                })
                .filter(reason -> !reason.isEmpty())
                .findFirst();
    }

    /** Waits until every pipeline has ended; true when all of them did as they were asked. */
    boolean awaitEnd() throws InterruptedException {
        CompletableFuture<Void> servers = controlPlane.ready();
        CompletableFuture<Void> allEnded = CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
        try {
            CompletableFuture.anyOf(servers, allEnded).get();
            LOG.info("API on http://{}, metrics on http://{}/metrics", apiAddress(), metricsAddress());
            CompletableFuture.anyOf(stopWanted, allEnded).get();
            allEnded.get(shutdownTimeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            return ends.stream().noneMatch(end -> end.join() instanceof PipelineState.Failed);
        } catch (ExecutionException e) {
            LOG.error("the API cannot start", e.getCause());
            return false;
        } catch (TimeoutException e) {
            LOG.error("a pipeline does not end; leaving it behind (what it did not checkpoint is read again, where the"
                    + " source can: not standard input and syslog)");
            return false;
        }
    }

    private static String shown(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static void closeAll(
            @Nullable ControlPlane controlPlane,
            @Nullable CheckpointStore checkpoints,
            @Nullable DeadLetterQueues deadLetters,
            Metrics metrics) {
        if (controlPlane != null) {
            controlPlane.close();
        }
        if (checkpoints != null) {
            checkpoints.close();
        }
        if (deadLetters != null) {
            deadLetters.close();
        }
        metrics.close();
    }

    @Override
    public void close() {
        closeAll(controlPlane, checkpoints, deadLetters, metrics);
    }
}
