package io.deltaforge.engine;

import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Pressure;
import io.deltaforge.spi.SinkPolicy;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Notices batches that a sink neither acknowledges nor fails. Confined to the delivery thread. */
final class BatchDeadline {
    private final @Nullable Duration usual;
    private final boolean escalates;
    private final RoomShare room;
    private final LongSupplier nanoClock;

    BatchDeadline(Recipient recipient, LongSupplier nanoClock) {
        this.usual = recipient.deadline();
        SinkPolicy.Backpressure thresholds = recipient.policy().thresholds();
        this.escalates = thresholds != null && thresholds.timeoutEscalation();
        this.room = recipient.room();
        this.nanoClock = nanoClock;
    }

    /** True while the queue is critical: then the other side is slow, and sending again would make it slower. */
    boolean isStretched() {
        return escalates && room.pressure().compareTo(Pressure.CRITICAL) >= 0;
    }

    /** Why it is to be sent again; {@code null} when it is not. */
    Failure.@Nullable Retryable overdue(@Nullable Sent head) {
        if (usual == null || head == null || head.isDone()) {
            return null;
        }
        boolean stretched = isStretched();
        Duration deadline = stretched ? usual.multipliedBy(2) : usual;
        return nanoClock.getAsLong() - head.nanos() < deadline.toNanos()
                ? null
                : Failure.Retryable.timedOut(
                        "a batch was not acknowledged within "
                                + (stretched ? "twice " : "") + "sink_batch_deadline_secs (" + deadline.toSeconds()
                                + "): it is sent again",
                        null);
    }
}
