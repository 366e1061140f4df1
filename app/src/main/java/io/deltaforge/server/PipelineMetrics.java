package io.deltaforge.server;

import io.deltaforge.engine.PipelineMonitor;
import io.deltaforge.spi.Pressure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Turns what the engine tells of one pipeline into meters. Thread-safe. */
final class PipelineMetrics implements PipelineMonitor {
    private static final Duration[] BUCKETS = LongStream.of(
                    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);
    private static final List<String> SINK_ERROR_KINDS = List.of("retryable", "rejected", "fatal");
    private static final Set<Pressure> RISEN = EnumSet.complementOf(EnumSet.of(Pressure.NORMAL));
    private static final List<String> SOURCE_ERROR_KINDS = List.of("retryable", "fatal");

    private final Map<String, SinkMeters> sinks = new HashMap<>();
    private final Map<String, Counter> sourceErrors = new HashMap<>();
    private final Timer sourceStage;
    private final Timer sinkStage;
    private final Timer checkpointStage;
    private final Timer totalStage;

    private record SinkMeters(
            Counter events,
            Counter batches,
            Timer latency,
            Counter sent,
            Timer sendLatency,
            Counter skipped,
            Counter dropped,
            Counter breakerOpens,
            Map<Pressure, Counter> pressure,
            Map<String, Counter> errors) {}

    PipelineMetrics(MeterRegistry registry, String pipeline, List<String> sinkIds) {
        Tags tags = Tags.of("pipeline", pipeline);
        for (String sink : sinkIds) {
            sinks.put(sink, sinkMeters(registry, tags.and("sink", sink)));
        }
        for (String kind : SOURCE_ERROR_KINDS) {
            sourceErrors.put(
                    kind,
                    counter(
                            registry,
                            "deltaforge.source.errors",
                            "Failures to read; `retryable` ones are tried again.",
                            tags.and("kind", kind)));
        }
        sourceStage = stage(registry, tags, "source");
        sinkStage = stage(registry, tags, "sink");
        checkpointStage = stage(registry, tags, "checkpoint");
        totalStage = stage(registry, tags, "total");
    }

    private static SinkMeters sinkMeters(MeterRegistry registry, Tags tags) {
        Map<String, Counter> errors = new HashMap<>();
        for (String kind : SINK_ERROR_KINDS) {
            errors.put(
                    kind,
                    counter(
                            registry,
                            "deltaforge.sink.errors",
                            "Failed deliveries: `retryable` ones are tried again, `rejected` events can never be"
                                    + " delivered, `fatal` needs a human, and stops the pipeline when the sink is required.",
                            tags.and("kind", kind)));
        }
        Map<Pressure, Counter> pressure = new EnumMap<>(Pressure.class);
        for (Pressure step : RISEN) {
            pressure.put(
                    step,
                    counter(
                            registry,
                            "deltaforge.sink.backpressure",
                            "How often the sink's queue filled up to a threshold of `backpressure`.",
                            tags.and("level", step.name().toLowerCase(Locale.ROOT))));
        }
        return new SinkMeters(
                counter(registry, "deltaforge.sink.events", "Events that the sink holds durably.", tags),
                counter(registry, "deltaforge.sink.batch", "Batches that the sink holds durably.", tags),
                timer(
                        registry,
                        "deltaforge.sink.latency",
                        "From handing a batch to the sink's client to its last acknowledgement.",
                        tags),
                counter(
                        registry,
                        "deltaforge.sink.events.sent",
                        "Events handed to the sink's client; those of a batch that is tried again count again.",
                        tags),
                timer(
                        registry,
                        "deltaforge.sink.send.latency",
                        "Encoding a batch and handing it to the sink's client.",
                        tags),
                counter(
                        registry,
                        "deltaforge.sink.events.skipped",
                        "Events that a sink with `required: false` misses for good, because its spool was full and"
                                + " `spool.when_full` is `drop`.",
                        tags),
                counter(
                        registry,
                        "deltaforge.sink.events.dropped",
                        "Events that are lost because the sink's queue was full, their source cannot pause, and"
                                + " `backpressure.on_emergency` is `drop`.",
                        tags),
                counter(
                        registry,
                        "deltaforge.sink.circuit.breaker.opens",
                        "How often the circuit breaker opened: so many failures in a row that nothing was sent for a"
                                + " while.",
                        tags),
                pressure,
                errors);
    }

    private static Timer stage(MeterRegistry registry, Tags tags, String stage) {
        return timer(
                registry,
                "deltaforge.stage.latency",
                "Where a batch's time goes: `source` from the commit in the database to the sink's client, `sink` from"
                        + " there to the last acknowledgement, `checkpoint` writing one to disk, `total` from the commit to"
                        + " the acknowledgement.",
                tags.and("stage", stage));
    }

    private static Counter counter(MeterRegistry registry, String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }

    private static Timer timer(MeterRegistry registry, String name, String description, Tags tags) {
        return Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    @Override
    public void batchSent(String sink, int events, long nanos) {
        SinkMeters meters = meters(sink);
        meters.sent().increment(events);
        meters.sendLatency().record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void batchDelivered(String sink, int events, long nanos, long sinceCommitNanos) {
        SinkMeters meters = meters(sink);
        meters.events().increment(events);
        meters.batches().increment();
        meters.latency().record(nanos, TimeUnit.NANOSECONDS);
        sinkStage.record(nanos, TimeUnit.NANOSECONDS);
        sourceStage.record(Math.max(0, sinceCommitNanos - nanos), TimeUnit.NANOSECONDS);
        totalStage.record(Math.max(0, sinceCommitNanos), TimeUnit.NANOSECONDS);
    }

    @Override
    public void checkpointSaved(long nanos) {
        checkpointStage.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void sinkFailed(String sink, String kind) {
        Objects.requireNonNull(meters(sink).errors().get(kind), kind).increment();
    }

    @Override
    public void eventsSkipped(String sink, int events) {
        meters(sink).skipped().increment(events);
    }

    @Override
    public void pressureRose(String sink, Pressure step) {
        Objects.requireNonNull(meters(sink).pressure().get(step), step::name).increment();
    }

    @Override
    public void eventsDropped(String sink, int events) {
        meters(sink).dropped().increment(events);
    }

    @Override
    public void breakerOpened(String sink) {
        meters(sink).breakerOpens().increment();
    }

    @Override
    public void sourceFailed(String kind) {
        Objects.requireNonNull(sourceErrors.get(kind), kind).increment();
    }

    private SinkMeters meters(String sink) {
        return Objects.requireNonNull(sinks.get(sink), sink);
    }
}
