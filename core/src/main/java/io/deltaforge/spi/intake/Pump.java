package io.deltaforge.spi.intake;

import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.Feed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes what arrives to the feed: each arrival is a transaction with a commit of its own. Confined to the source thread,
 * except {@link #parsePosition}.
 *
 * <p>What was handed on is kept until it is durable, because nobody else has it: a feed that begins anew, as after an
 * aborted Kafka transaction, is given it again, under the same numbers.
 */
public final class Pump {
    /** How often the source says that it is alive. */
    private static final long SIGN_OF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Between two looks at what is durable, while something is not. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** Between two looks at whether the pipeline stops. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Duration ROOM_SLICE = Duration.ofMillis(50);
    /** How long a source that is stopped still waits to confirm what it took. */
    private static final long FAREWELL_NANOS = TimeUnit.SECONDS.toNanos(2);
    /** Most that may be kept: what the queues hold anyway, and what is delivered but in no checkpoint yet. */
    private static final long MAX_KEPT_BYTES = 48L << 20;

    private final Intake intake;
    private final Unsettled unsettled;
    private final InstantSource clock;
    private final AtomicLong highest = new AtomicLong();
    private @Nullable Feed feed;
    private long lastSignNanos = System.nanoTime() - SIGN_OF_LIFE_NANOS;

    public Pump(SourceInfo info, Intake intake) {
        this(info, intake, InstantSource.system());
    }

    Pump(SourceInfo info, Intake intake, InstantSource clock) {
        this.clock = clock;
        this.intake = intake;
        this.unsettled = new Unsettled(info);
    }

    /**
     * Reads back a position, from any thread. New numbers begin above every position ever read: sinks stand at different
     * ones, and none of them may take a new entry for one that it holds. They begin above the time in microseconds too: what a
     * process took and never made durable may be in the dead letter queue under its numbers.
     *
     * @throws IllegalArgumentException when it is no number
     */
    public Position parsePosition(String text) {
        EntryNumber position = EntryNumber.parse(text);
        highest.accumulateAndGet(position.number(), Math::max);
        return position;
    }

    /**
     * To be called first in {@link io.deltaforge.spi.Source#run}: says where reading begins, and gives a new feed what the
     * one before took and did not make durable.
     */
    @SuppressWarnings("ReferenceEquality") // another feed is another object
    public void begin(Feed next) {
        intake.bound();
        if (feed == next) {
            return;
        }
        if (feed == null) {
            unsettled.beginAbove(Math.multiplyExact(clock.millis(), 1000));
        }
        feed = next;
        EntryNumber resume = (EntryNumber) next.resumeFrom();
        unsettled.beginAbove(highest.get());
        if (resume == null) {
            next.commit(unsettled.beginning());
        } else {
            unsettled.beginAbove(resume.number());
        }
        unsettled.handAgain(next, resume);
    }

    /** Hands on until the feed is stopped; or, after {@link Intake#finish}, until all of it is durable. */
    public void run(Feed to) {
        while (!to.stopped()) {
            signOfLife(to);
            unsettled.settle(to.durable());
            boolean room = to.hasRoom();
            intake.press(!room);
            if (!room) {
                goOnUnderPressure(to);
            } else if (unsettled.bytes() >= MAX_KEPT_BYTES) {
                to.idle();
                LockSupport.parkNanos(LOOK_NANOS);
            } else {
                Intake.Arrival next = intake.take(unsettled.isEmpty() ? QUIET_NANOS : LOOK_NANOS);
                if (next != null) {
                    unsettled.hand(next, to, true);
                } else if (intake.isFinished() && unsettled.isEmpty()) {
                    return;
                } else {
                    quiet(to);
                }
            }
        }
    }

    /**
     * What cannot wait goes on, and the engine decides what becomes of it (dead letters, say). As long as that lasts nothing
     * becomes durable, so beyond the bound it is not kept for another feed.
     */
    private void goOnUnderPressure(Feed to) {
        Intake.Arrival next = intake.takeUnpausable();
        if (next == null) {
            to.awaitRoom(ROOM_SLICE);
        } else {
            unsettled.hand(next, to, unsettled.bytes() < MAX_KEPT_BYTES);
        }
    }

    /** Nothing arrives: what was handed on should go out now. */
    private void quiet(Feed to) {
        to.idle();
        if (intake.isFinished()) {
            LockSupport.parkNanos(LOOK_NANOS); // nobody wakes us any more
        }
    }

    /**
     * The end of a run, after whatever fills the intake has ended: hands on what is still there, and waits a moment for the
     * receipts of what is about to be durable. The others fail: whoever waits for them sends again.
     */
    public void drain(Feed to) {
        for (Intake.Arrival next = intake.take(0); next != null; next = intake.take(0)) {
            unsettled.hand(next, to, true);
        }
        long deadlineNanos = System.nanoTime() + FAREWELL_NANOS;
        unsettled.settle(to.durable());
        while (unsettled.hasReceipts() && System.nanoTime() - deadlineNanos < 0) {
            to.idle();
            LockSupport.parkNanos(LOOK_NANOS);
            unsettled.settle(to.durable());
        }
        unsettled.refuseReceipts();
    }

    private void signOfLife(Feed to) {
        long now = System.nanoTime();
        if (now - lastSignNanos >= SIGN_OF_LIFE_NANOS) {
            lastSignNanos = now;
            to.lagBytes(intake.waitingBytes());
        }
    }
}
