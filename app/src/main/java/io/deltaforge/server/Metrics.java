package io.deltaforge.server;

import io.deltaforge.engine.PipelineMonitor;
import io.deltaforge.engine.PipelineStatus;
import io.deltaforge.reliability.DeadLetterMonitor;
import io.deltaforge.reliability.FailureBreaker;
import io.deltaforge.spi.Figure;
import io.deltaforge.spi.Pressure;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** Everything that Prometheus is told. Every metric is there, as 0, before the first event. Thread-safe. */
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private final InstantSource clock;
    /** By pipeline. */
    private final Map<String, LogCapturerMetrics> logCapturers = new ConcurrentHashMap<>();
    /** The registry itself holds what a counter asks only weakly. */
    private final List<Figure> totals = new CopyOnWriteArrayList<>();

    public Metrics(InstantSource clock) {
        this.clock = clock;
        new JvmMemoryMetrics().bindTo(registry);
        gc.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
    }

    /**
     * Lets a pipeline's figures have their {@code log_capturer_*} names too; to be called before the others.
     *
     * @param types of the sinks, by their ids
     */
    public void name(String pipeline, Map<String, String> types) {
        logCapturers.put(pipeline, new LogCapturerMetrics(registry, pipeline, types));
    }

    /** What the engine tells of this pipeline from now on. */
    public PipelineMonitor monitor(String pipeline, List<String> sinks) {
        PipelineMetrics own = new PipelineMetrics(registry, pipeline, sinks);
        LogCapturerMetrics other = logCapturers.get(pipeline);
        return other == null ? own : new BothMonitors(own, other);
    }

    /** What can be asked of this pipeline at any time. */
    public void watch(String pipeline, List<String> sinks, Supplier<PipelineStatus> status) {
        LogCapturerMetrics other = logCapturers.get(pipeline);
        if (other != null) {
            other.watch(sinks, status);
        }
        Tags tags = Tags.of("pipeline", pipeline);
        FunctionCounter.builder("deltaforge.source.events", status, s -> s.get().eventsRead())
                .description("Events read from the source.")
                .tags(tags)
                .register(registry);
        gauge(
                "deltaforge.source.lag.bytes",
                status,
                PipelineStatus::sourceLagBytes,
                tags,
                "Bytes of the source's log that are not read yet.");
        gauge(
                "deltaforge.source.lag.seconds",
                status,
                s -> Lag.sourceSeconds(s, clock.instant()),
                tags,
                "Age of the newest event read, while there is more to read; 0 otherwise.");
        gauge(
                "deltaforge.pipeline.up",
                status,
                s -> Health.isUp(s.state()) ? 1 : 0,
                tags,
                "1 while the pipeline reads and delivers; 0 while it starts, tries again or stops, and when it failed.");
        for (int i = 0; i < sinks.size(); i++) {
            int index = i;
            Tags sink = tags.and("sink", sinks.get(i));
            gauge(
                    "deltaforge.checkpoint.lag.events",
                    status,
                    s -> s.sinks().get(index).eventsPending(),
                    sink,
                    "Events read from the source that the sink's checkpoint does not cover yet.");
            gauge(
                    "deltaforge.sink.lag.seconds",
                    status,
                    s -> Lag.sinkSeconds(s.sinks().get(index), clock.instant()),
                    sink,
                    "Age of the oldest event read that the sink does not hold yet; 0 when it holds all.");
            gauge(
                    "deltaforge.spool.events",
                    status,
                    s -> s.sinks().get(index).spooledEvents(),
                    sink,
                    "Events that wait on disk for a sink with `required: false`.");
            gauge(
                    "deltaforge.spool.bytes",
                    status,
                    s -> s.sinks().get(index).spooledBytes(),
                    sink,
                    "What a sink's spool takes on disk.");
            gauge(
                    "deltaforge.sink.queue.events",
                    status,
                    s -> s.sinks().get(index).queue().events(),
                    sink,
                    "Events in the sink's queue, waiting or on the way.");
            gauge(
                    "deltaforge.sink.queue.utilization",
                    status,
                    s -> s.sinks().get(index).queue().utilization(),
                    sink,
                    "How full the sink's queue is, by what is scarcer, bytes or events: 1 is full.");
            gauge(
                    "deltaforge.sink.pressure",
                    status,
                    s -> number(s.sinks().get(index).queue().pressure()),
                    sink,
                    "0 normal, 1 warning, 2 critical, 3 emergency: the thresholds of `backpressure`.");
            gauge(
                    "deltaforge.sink.circuit.breaker.state",
                    status,
                    s -> number(s.sinks().get(index).breaker()),
                    sink,
                    "0 closed, 1 open (nothing is sent), 2 half open (one batch at a time is).");
        }
    }

    private static int number(Pressure pressure) {
        return switch (pressure) {
            case NORMAL -> 0;
            case WARNING -> 1;
            case CRITICAL -> 2;
            case EMERGENCY -> 3;
        };
    }

    static int number(FailureBreaker.State breaker) {
        return switch (breaker) {
            case CLOSED -> 0;
            case OPEN -> 1;
            case HALF_OPEN -> 2;
        };
    }

    /** What the driver of one of the pipeline's sinks tells of itself. */
    public void watchDriver(String pipeline, String sink, List<Figure> figures) {
        watch(Tags.of("pipeline", pipeline, "sink", sink), figures);
    }

    /** What the pipeline's source tells of itself. */
    public void watchSource(String pipeline, List<Figure> figures) {
        watch(Tags.of("pipeline", pipeline), figures);
    }

    private void watch(Tags tags, List<Figure> figures) {
        for (Figure figure : figures) {
            String name = "deltaforge." + figure.name();
            if (figure.total()) {
                totals.add(figure);
                FunctionCounter.builder(name, figure.value(), DoubleSupplier::getAsDouble)
                        .description(figure.description())
                        .tags(tags)
                        .register(registry);
            } else {
                Gauge.builder(name, figure.value(), DoubleSupplier::getAsDouble)
                        .description(figure.description())
                        .tags(tags)
                        .strongReference(true)
                        .register(registry);
            }
        }
    }

    /** What the pipeline's dead letter queue tells from now on. */
    public DeadLetterMonitor deadLetterMonitor(String pipeline, List<String> sinks) {
        LogCapturerMetrics other = logCapturers.get(pipeline);
        return new DeadLetterMetrics(registry, pipeline, sinks, other == null ? DeadLetterMonitor.NONE : other);
    }

    /**
     * What can be asked of the pipeline's dead letter queue at any time.
     *
     * @param entries by sink; those without any may be missing
     * @param parked those of them that are not sent again by themselves any more
     */
    public void watchDeadLetters(
            String pipeline,
            List<String> sinks,
            Supplier<Map<String, Integer>> entries,
            Supplier<Map<String, Integer>> parked) {
        for (String sink : sinks) {
            Gauge.builder("deltaforge.dlq.entries", entries, e -> e.get().getOrDefault(sink, 0))
                    .description("Undeliverable events in the journal that wait for somebody.")
                    .tags(Tags.of("pipeline", pipeline, "sink", sink))
                    .strongReference(true)
                    .register(registry);
            Gauge.builder("deltaforge.dlq.parked", parked, e -> e.get().getOrDefault(sink, 0))
                    .description(
                            "Those of them that were sent again by themselves `max_retries` times, and are not any more.")
                    .tags(Tags.of("pipeline", pipeline, "sink", sink))
                    .strongReference(true)
                    .register(registry);
        }
    }

    private void gauge(
            String name,
            Supplier<PipelineStatus> status,
            ToDoubleFunction<PipelineStatus> value,
            Tags tags,
            String description) {
        Gauge.builder(name, status, s -> value.applyAsDouble(s.get()))
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /** Prometheus' text format, version 0.0.4. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        gc.close();
        registry.close();
    }
}
