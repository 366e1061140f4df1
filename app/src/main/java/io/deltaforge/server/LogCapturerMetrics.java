package io.deltaforge.server;

import io.deltaforge.engine.PipelineMonitor;
import io.deltaforge.engine.PipelineStatus;
import io.deltaforge.reliability.DeadLetterMonitor;
import io.deltaforge.spi.Pressure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * The same figures under the names and labels of the log-capture system's dashboards: {@code sink} is the sink's type there,
 * {@code component} that with {@code _sink} behind it. Further labels tell pipelines and sinks of one type apart.
 * Thread-safe.
 */
final class LogCapturerMetrics implements PipelineMonitor, DeadLetterMonitor {
    private static final List<String> KINDS = List.of("retryable", "rejected", "fatal");
    private static final double[] EVENTS = {1, 10, 50, 100, 200, 500, 1000, 2000, 5000, 10_000};
    private static final Duration[] TIMES = LongStream.of(
                    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final String pipeline;
    private final Map<String, String> types;
    private final Map<String, SinkMeters> meters = new HashMap<>();

    private record SinkMeters(
            Counter success,
            Counter error,
            DistributionSummary batchSize,
            Timer batchDuration,
            Map<String, Counter> errors,
            Map<Pressure, Counter> backpressure,
            Counter dropped,
            Counter opens) {}

    /** @param types of the sinks, by their ids */
    LogCapturerMetrics(MeterRegistry registry, String pipeline, Map<String, String> types) {
        this.registry = registry;
        this.pipeline = pipeline;
        this.types = Map.copyOf(types);
        types.forEach((id, type) -> meters.put(id, sinkMeters(registry, pipeline, id, type)));
    }

    private static SinkMeters sinkMeters(MeterRegistry registry, String pipeline, String id, String type) {
        Tags tags = Tags.of("pipeline", pipeline, "sink", type, "sink_id", id);
        Tags component = Tags.of("pipeline", pipeline, "component", type + "_sink", "sink_id", id);
        Map<String, Counter> errors = new HashMap<>();
        for (String kind : KINDS) {
            errors.put(
                    kind,
                    Counter.builder("log_capturer.errors")
                            .description("As deltaforge_sink_errors_total.")
                            .tags(component.and("kind", kind))
                            .register(registry));
        }
        Map<Pressure, Counter> backpressure = new EnumMap<>(Pressure.class);
        for (Pressure step : Pressure.values()) {
            if (step != Pressure.NORMAL) {
                String level = step.name().toLowerCase(Locale.ROOT);
                backpressure.put(
                        step,
                        counter(
                                registry,
                                type,
                                "backpressure",
                                "As deltaforge_sink_backpressure_total.",
                                tags.and("level", level)));
            }
        }
        return new SinkMeters(
                sent(registry, tags, "success"),
                sent(registry, tags, "error"),
                DistributionSummary.builder("log_capturer." + type + ".batch.size")
                        .description("Events in the batches that the sink holds durably.")
                        .serviceLevelObjectives(EVENTS)
                        .tags(tags)
                        .register(registry),
                Timer.builder("log_capturer." + type + ".batch.duration")
                        .description("As deltaforge_sink_latency_seconds.")
                        .serviceLevelObjectives(TIMES)
                        .tags(tags)
                        .register(registry),
                errors,
                backpressure,
                counter(registry, type, "dropped", "As deltaforge_sink_events_dropped_total.", tags),
                Counter.builder("log_capturer.circuit.breaker.opens")
                        .description("As deltaforge_sink_circuit_breaker_opens_total.")
                        .tags(tags)
                        .register(registry));
    }

    private static Counter sent(MeterRegistry registry, Tags tags, String status) {
        return Counter.builder("log_capturer.logs.sent")
                .description(
                        "Events by what became of them: `success` when the sink holds them durably, also by way of the"
                                + " dead letter queue, `error` for each time that they did not arrive, or went there.")
                .tags(tags.and("status", status))
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String type, String name, String description, Tags tags) {
        return Counter.builder("log_capturer." + type + "." + name)
                .description(description)
                .tags(tags)
                .register(registry);
    }

    /** What can be asked at any time. */
    void watch(List<String> ids, Supplier<PipelineStatus> status) {
        for (int i = 0; i < ids.size(); i++) {
            int index = i;
            String type = Objects.requireNonNull(types.get(ids.get(i)), ids.get(i));
            Tags tags = Tags.of("pipeline", pipeline, "sink", type, "sink_id", ids.get(i));
            Supplier<PipelineStatus.SinkStatus> sink =
                    () -> status.get().sinks().get(index);
            gauge(type, "queue.size", "events", tags, () -> sink.get().queue().events());
            gauge(
                    type,
                    "queue.utilization",
                    "utilization",
                    tags,
                    () -> sink.get().queue().utilization());
            Gauge.builder(
                            "log_capturer." + type + ".circuit.breaker.state",
                            sink,
                            s -> Metrics.number(s.get().breaker()))
                    .description("As deltaforge_sink_circuit_breaker_state.")
                    .tags(tags)
                    .strongReference(true)
                    .register(registry);
        }
    }

    private void gauge(String type, String name, String ours, Tags tags, DoubleSupplier value) {
        Gauge.builder("log_capturer." + type + "." + name, value, DoubleSupplier::getAsDouble)
                .description("As deltaforge_sink_queue_" + ours + ".")
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /** To the dead letter queue. */
    @Override
    public void added(String sink, String kind, int events) {
        of(sink).error().increment(events);
    }

    /** From the dead letter queue. */
    @Override
    public void replayed(String sink, boolean delivered) {
        SinkMeters sinkMeters = of(sink);
        (delivered ? sinkMeters.success() : sinkMeters.error()).increment();
    }

    @Override
    public void batchDelivered(String sink, int events, long nanos, long sinceCommitNanos) {
        SinkMeters sinkMeters = of(sink);
        sinkMeters.success().increment(events);
        sinkMeters.batchSize().record(events);
        sinkMeters.batchDuration().record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void sinkFailed(String sink, String kind) {
        Counter errors = of(sink).errors().get(kind);
        if (errors != null) {
            errors.increment();
        }
    }

    @Override
    public void eventsNotAcknowledged(String sink, int events) {
        of(sink).error().increment(events);
    }

    @Override
    public void pressureRose(String sink, Pressure step) {
        Counter counter = of(sink).backpressure().get(step);
        if (counter != null) {
            counter.increment();
        }
    }

    @Override
    public void eventsDropped(String sink, int events) {
        of(sink).dropped().increment(events);
    }

    @Override
    public void breakerOpened(String sink) {
        of(sink).opens().increment();
    }

    private SinkMeters of(String sink) {
        return Objects.requireNonNull(meters.get(sink), sink);
    }
}
