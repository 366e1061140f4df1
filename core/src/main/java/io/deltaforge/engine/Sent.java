package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import java.util.concurrent.CompletableFuture;

/**
 * An entry on the way.
 *
 * @param fresh what of it the sink is to be given and did not hold already
 * @param nanos when it was handed to the sink
 * @param failures how often it failed before
 */
record Sent(Entry entry, Batch fresh, CompletableFuture<Void> acknowledged, long nanos, int failures) {

    boolean isDone() {
        return acknowledged.isDone();
    }

    /** True when the sink was given something of it. */
    boolean hasEvents() {
        return fresh.size() > 0;
    }

    /** How many events the sink holds; the others are in the dead letter queue. To be asked when it is done. */
    int held() {
        return acknowledged.isCompletedExceptionally()
                        && acknowledged.exceptionNow() instanceof Failure.Rejected rejected
                ? fresh.size() - rejected.events().size()
                : fresh.size();
    }

    /** Commit time of its newest event, in microseconds since 1970. */
    long commitMicros() {
        return fresh.event(fresh.size() - 1).transaction().commitMicros();
    }
}
