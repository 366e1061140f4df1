package io.deltaforge.server;

import io.deltaforge.reliability.DeadLetterMonitor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/** Turns what a pipeline's dead letter queue tells into meters. Thread-safe. */
final class DeadLetterMetrics implements DeadLetterMonitor {
    /** Those of the engine and the Kafka sink; another sink's begin with their first event. */
    private static final List<String> KINDS = List.of(
            "error",
            "invalid_record",
            "invalid_topic",
            "message_too_large",
            "no_topic",
            "overflow",
            "serialization",
            "timeout");

    private static final List<String> POLICIES = List.of("drop_oldest", "max_age");

    private final MeterRegistry registry;
    private final Tags pipeline;
    private final DeadLetterMonitor other;

    /** @param other hears what comes and goes, too */
    DeadLetterMetrics(MeterRegistry registry, String pipeline, List<String> sinks, DeadLetterMonitor other) {
        this.registry = registry;
        this.other = other;
        this.pipeline = Tags.of("pipeline", pipeline);
        for (String sink : sinks) {
            KINDS.forEach(kind -> deadLetters(sink, kind));
            POLICIES.forEach(policy -> dropped(sink, policy, 0));
            full(sink, 0);
            replays(sink, "delivered");
            replays(sink, "refused");
        }
    }

    @Override
    public void added(String sink, String kind, int events) {
        deadLetters(sink, kind).increment(events);
        other.added(sink, kind, events);
    }

    private Counter deadLetters(String sink, String kind) {
        return counter(
                "deltaforge.dlq.events",
                "Events that went to the dead letter queue because the sink can never deliver them, or its policy"
                        + " says so (`overflow`, `error`, `timeout`). After a crash some"
                        + " may count twice.",
                pipeline.and("sink", sink, "kind", kind));
    }

    @Override
    public void dropped(String sink, String policy, int entries) {
        counter(
                        "deltaforge.dlq.dropped",
                        "Entries that were removed although nobody dealt with them: because the queue was full"
                                + " (`drop_oldest`) or they were too old (`max_age`).",
                        pipeline.and("sink", sink, "policy", policy))
                .increment(entries);
    }

    @Override
    public void full(String sink, int events) {
        counter(
                        "deltaforge.dlq.full",
                        "Events that found the dead letter queue full; counted at each attempt to add them.",
                        pipeline.and("sink", sink))
                .increment(events);
    }

    @Override
    public void replayed(String sink, boolean delivered) {
        replays(sink, delivered ? "delivered" : "refused").increment();
        other.replayed(sink, delivered);
    }

    private Counter replays(String sink, String outcome) {
        return counter(
                "deltaforge.dlq.replayed",
                "Entries that were sent again, with `deltaforge dlq replay` or by themselves, and what became of them.",
                pipeline.and("sink", sink, "outcome", outcome));
    }

    /** The registry gives out the same counter for the same name and tags. */
    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name).description(description).tags(tags).register(registry);
    }
}
