package io.deltaforge.engine;

import io.deltaforge.event.Event;
import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.SinkPolicy;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a batch that finds no place in a sink's queue, when its source cannot pause (invariant 3). Confined to the
 * source thread.
 *
 * <p>What goes to the dead letter queue is durable before its position is queued behind all that came earlier, so the
 * checkpoint does not pass it before (invariant 1).
 */
final class Overflow {
    private static final Logger LOG = LoggerFactory.getLogger(Overflow.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final long SAID_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Event[] NO_EVENTS = {};

    private final String sink;
    private final Selection selection;
    private final RoomShare room;
    private final SinkPolicy.@Nullable OnEmergency action;
    private final DeadLetters letters;
    private final PipelineMonitor monitor;
    private final LongSupplier nanoClock;
    private long dropped;
    private long unsaid;
    private long saidAtNanos;

    /** The dead letter queue cannot take what must go there, and the pipeline is to stop. */
    static final class Stopped extends RuntimeException {
        private final transient Failure.Fatal failure;

        Stopped(Failure.Fatal failure) {
            super(failure);
            this.failure = failure;
        }

        Failure.Fatal failure() {
            return failure;
        }
    }

    /** @param selection one of its own: it is confined to a thread */
    Overflow(
            Recipient recipient,
            Selection selection,
            DeadLetters letters,
            PipelineMonitor monitor,
            LongSupplier nanoClock) {
        this.sink = recipient.sink().id();
        this.selection = selection;
        this.room = recipient.room();
        SinkPolicy.Backpressure thresholds = recipient.policy().thresholds();
        this.action = thresholds == null ? null : thresholds.onEmergency();
        this.letters = letters;
        this.monitor = monitor;
        this.nanoClock = nanoClock;
    }

    /**
     * What is to be queued: the batch when it has, or after waiting has got, a place; else a batch with nothing but its
     * position.
     *
     * @throws Stopped when there is no going on
     */
    Batch admitted(Batch batch) {
        if (batch.size() == 0 || room.hasPlaceFor(batch)) {
            return batch;
        }
        Batch wanted = selection.of(batch);
        if (wanted.size() == 0) {
            return onlyPosition(batch);
        }
        while (!room.room().isClosed() && !room.hasPlaceFor(wanted)) {
            if (isGone(wanted)) {
                return onlyPosition(batch);
            }
            room.room().awaitClosed(BETWEEN_LOOKS);
        }
        return batch;
    }

    private static Batch onlyPosition(Batch batch) {
        return new Batch(NO_EVENTS, 0, 0, batch.commit());
    }

    private boolean isGone(Batch batch) {
        return switch (action) {
            case DROP -> drop(batch);
            case WAIT -> false;
            case DLQ -> isKept(batch);
            case null -> isKept(batch);
        };
    }

    private boolean isKept(Batch batch) {
        if (!letters.keepsWhole(batch)) {
            return false;
        }
        try {
            letters.add(
                    sink,
                    batch,
                    WholeBatch.rejected(
                            batch, WholeBatch.OVERFLOW, "the sink's queue had no place, and the source cannot wait"));
            return true;
        } catch (Failure.Retryable full) {
            return false; // the queue has said so; until it has room, or the sink's own has, the source is held up
        } catch (Failure.Fatal fatal) {
            throw new Stopped(fatal);
        } catch (Failure failure) {
            throw new Stopped(new Failure.Fatal(String.valueOf(failure.getMessage()), failure));
        }
    }

    private boolean drop(Batch batch) {
        dropped += batch.size();
        unsaid += batch.size();
        monitor.eventsDropped(sink, batch.size());
        long now = nanoClock.getAsLong();
        if (dropped == batch.size() || now - saidAtNanos >= SAID_AGAIN_NANOS) {
            LOG.error(
                    "sink {}: {} events are lost: its queue is full, the source cannot wait, and backpressure.on_emergency is"
                            + " drop ({} since the start). on_emergency: dlq would keep them",
                    sink,
                    unsaid,
                    dropped);
            unsaid = 0;
            saidAtNanos = now;
        }
        return true;
    }
}
