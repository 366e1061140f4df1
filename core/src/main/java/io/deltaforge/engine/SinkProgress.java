package io.deltaforge.engine;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What is known of a sink since the pipeline started, however often it was rewound: what it was delivered, and whether it is
 * left alone. Thread-safe, but for the breaker.
 */
final class SinkProgress {
    private final AtomicLong events = new AtomicLong();

    private final Breaker breaker;

    SinkProgress(Breaker breaker) {
        this.breaker = breaker;
    }

    Breaker breaker() {
        return breaker;
    }

    void delivered(int more) {
        events.addAndGet(more);
    }

    long events() {
        return events.get();
    }
}
