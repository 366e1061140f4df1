package io.deltaforge.engine;

import java.util.concurrent.atomic.AtomicLong;

/** What a sink was delivered since the pipeline started, however often it was rewound. Thread-safe. */
final class SinkProgress {
    private final AtomicLong events = new AtomicLong();

    void delivered(int more) {
        events.addAndGet(more);
    }

    long events() {
        return events.get();
    }
}
