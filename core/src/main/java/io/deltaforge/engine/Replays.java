package io.deltaforge.engine;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.reliability.Replay;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.TransactionalSink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants sent to a sink again from the dead letter queue. Confined to the delivery thread.
 *
 * <p>Who asks is another process, so the queue is looked into now and then. An entry is removed only after the sink holds
 * its event: a crash between the two sends it twice, to a transactional sink too.
 */
final class Replays {
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** One that fails for a while must not hold up what is new. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    private static final int AT_ONCE = 100;

    private final Sink sink;
    private final DeadLetters deadLetters;
    private final Supplier<@Nullable Position> checkpoint;
    private final LongSupplier nanoClock;
    private final ArrayDeque<Replay> waiting = new ArrayDeque<>();
    private long lookAtNanos;

    /** @param checkpoint the sink's; {@code null} while there is none */
    Replays(Sink sink, DeadLetters deadLetters, Supplier<@Nullable Position> checkpoint, LongSupplier nanoClock) {
        this.sink = sink;
        this.deadLetters = deadLetters;
        this.checkpoint = checkpoint;
        this.nanoClock = nanoClock;
        lookAtNanos = nanoClock.getAsLong();
    }

    /** Looks into the queue when it is time. A transaction needs a checkpoint, even one that does not move. */
    boolean areWaiting() throws Failure {
        long now = nanoClock.getAsLong();
        if (waiting.isEmpty()
                && now - lookAtNanos >= 0
                && !(sink instanceof TransactionalSink && checkpoint.get() == null)) {
            lookAtNanos = now + BETWEEN_LOOKS.toNanos();
            waiting.addAll(deadLetters.wanted(sink.id(), AT_ONCE));
        }
        return !waiting.isEmpty();
    }

    /**
     * Sends them one after the other, each in a transaction of its own where the sink has such. To be called when no
     * transaction is open. After a failure the sink needs a reset; what was not sent is looked for again later, if somebody
     * wants it still.
     *
     * @return the failure that stopped it; {@code null} when there was none
     */
    @Nullable
    Failure send(BooleanSupplier ended) throws InterruptedException {
        for (Replay replay = waiting.peek(); replay != null; replay = waiting.peek()) {
            Failure failure = ended.getAsBoolean() ? null : send(replay);
            if (failure != null || ended.getAsBoolean()) {
                giveBack();
                return failure;
            }
            waiting.remove();
        }
        return null;
    }

    /**
     * Sends one, whoever wants it. After a failure the sink needs a reset.
     *
     * @return {@code null} when the sink holds it or refused it, and the queue knows
     */
    @Nullable
    Failure send(Replay replay) throws InterruptedException {
        Failure failure = outcomeOf(replay);
        // what is new must not wait for what only this one lacks, nor the next attempt fail for why this one did
        sink.forget();
        return failure;
    }

    private @Nullable Failure outcomeOf(Replay replay) throws InterruptedException {
        try {
            Failure failure = outcome(replay);
            switch (failure) {
                case Failure.Rejected rejected ->
                    deadLetters.refused(sink.id(), replay, rejected.events().getFirst());
                case null -> {
                    commit();
                    deadLetters.delivered(sink.id(), replay);
                }
                default -> {
                    return failure;
                }
            }
            if (failure != null && sink instanceof TransactionalSink transactional) {
                transactional.reset();
            }
            return null;
        } catch (Failure | RuntimeException e) {
            return Setbacks.failureOf(e);
        }
    }

    /** What is refused may take its transaction along; written again, the sink knows that it is refused. */
    private @Nullable Failure outcome(Replay replay) throws Failure, InterruptedException {
        Failure failure = Setbacks.outcome(write(replay));
        if (failure instanceof Failure.Retryable && sink instanceof TransactionalSink transactional) {
            transactional.reset();
            return Setbacks.outcome(write(replay));
        }
        return failure;
    }

    /** The checkpoint does not move. */
    private void commit() throws Failure {
        Position unmoved = checkpoint.get();
        if (sink instanceof TransactionalSink transactional && unmoved != null) {
            transactional.commit(unmoved);
        }
    }

    private CompletableFuture<Void> write(Replay replay) {
        try {
            return switch (replay) {
                case Replay.OfEvent original -> {
                    Event event = original.event();
                    yield sink.write(new Batch(new Event[] {event}, 1, event.sizeBytes(), null));
                }
                case Replay.OfHandMade edited -> sink.write(edited.letter());
            };
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What was not sent may be handed out again, later or to who comes next. */
    void giveBack() {
        for (Replay replay = waiting.poll(); replay != null; replay = waiting.poll()) {
            deadLetters.postponed(sink.id(), replay);
        }
        lookAtNanos = nanoClock.getAsLong() + AFTER_FAILURE.toNanos();
    }
}
