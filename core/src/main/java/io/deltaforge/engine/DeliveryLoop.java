package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.event.Position;
import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.TransactionalSink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what waits for one sink, in order, with several batches on the way. Batches may be acknowledged out of order; only
 * the completed prefix moves the checkpoint (invariant 1). To a {@link TransactionalSink} nothing is delivered before the
 * commit: {@link OpenTransaction} says when that is. Confined to the delivery thread.
 */
final class DeliveryLoop {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLoop.class);

    private final Recipient recipient;
    private final Sink sink;
    /** The same as {@link #sink}, where it is one. */
    private final @Nullable TransactionalSink transactional;

    private final Standing standing;
    private final Backlog backlog;
    private final Window window;
    private final Checkpoints checkpoints;
    private final DeadLetters deadLetters;
    private final Resending resending;
    private final PipelineMonitor monitor;
    private final Setbacks setbacks;
    private final DeliveryFigures figures;
    private final Breaker breaker;
    private final LastResort lastResort;
    private final SinkHealth health;
    private final Settlement settlement;
    private final BatchDeadline deadline;
    private final Patience patience;
    private final Ending ending;
    private final Wakeup wakeup;
    private final Flight flight = new Flight();

    DeliveryLoop(
            Recipient recipient,
            Backlog backlog,
            Window window,
            Checkpoints checkpoints,
            DeadLetters deadLetters,
            Standing standing,
            Ending ending,
            PipelineMonitor monitor,
            Patience patience) {
        this.recipient = recipient;
        this.sink = recipient.sink();
        this.transactional = sink instanceof TransactionalSink it ? it : null;
        this.standing = standing;
        this.backlog = backlog;
        this.window = window;
        this.checkpoints = checkpoints;
        this.deadLetters = deadLetters;
        this.ending = ending;
        this.wakeup = ending.wakeup();
        this.monitor = monitor;
        this.patience = patience;
        this.setbacks = new Setbacks(sink, monitor, patience);
        this.resending = new Resending(sink, deadLetters, standing, setbacks, ending, patience.nanoClock());
        this.breaker = recipient.progress().breaker();
        this.lastResort = new LastResort(sink.id(), recipient.policy(), deadLetters);
        this.figures = new DeliveryFigures(recipient, backlog, checkpoints, setbacks, monitor, patience.nanoClock());
        this.health = new SinkHealth(setbacks, breaker, lastResort, patience.nanoClock());
        this.settlement = new Settlement(recipient, backlog, window, checkpoints, figures, flight);
        this.deadline = new BatchDeadline(recipient, patience.nanoClock());
    }

    /** Thread-safe. */
    DeliveryFigures figures() {
        return figures;
    }

    /** Delivers until drained or aborted. */
    void run() throws Failure.Fatal, Rewind, InterruptedException {
        try {
            boolean more = open();
            standing.stopWaiting();
            while (more) {
                more = step(); // one batch sent or settled
            }
        } finally {
            standing.stopWaiting();
            resending.giveBack();
            sink.close();
        }
    }

    /** Tries until it is open; false when the end came first. */
    private boolean open() throws Failure.Fatal, InterruptedException {
        while (!givesUp()) {
            Duration blocked = breaker.blocked();
            if (blocked.isPositive()) {
                await(blocked);
                continue;
            }
            try {
                sink.stretchTimeouts(deadline.isStretched());
                sink.open(recipient.context());
                standing.find();
                figures.opened();
                health.opened();
                return true;
            } catch (Failure | RuntimeException e) {
                if (givesUp()) {
                    return false;
                }
                Failure failure = Setbacks.failureOf(e);
                health.failed(failure);
                await(setbacks.met(failure));
            }
        }
        return false;
    }

    private boolean step() throws Failure.Fatal, Rewind, InterruptedException {
        Sent head = flight.head();
        if (head != null && head.isDone() && isSettledByAcknowledgement(head)) {
            settle(head);
            return !ending.isAborted();
        }
        if (head == null && !(health.isGood() && flight.isNothingLeftOver()) && isHeldUp()) {
            return !ending.isAborted();
        }
        Resending.Due letters =
                window.isBegun() ? Resending.Due.NOTHING : resending.due(mayReprocess(), !backlog.isEmpty());
        if (letters != Resending.Due.NOTHING && flight.isEmpty()) {
            went(letters == Resending.Due.REPLAYS ? resending.replay() : resending.reprocess(!health.isFailing()));
            return !ending.isAborted();
        }
        Flight.Tried tried = mayTakeMore() && letters == Resending.Due.NOTHING ? take() : null;
        if (tried != null) {
            send(tried);
            return true;
        }
        if (commitIsDue()) {
            commit();
            return !ending.isAborted();
        }
        if (isEnded()) {
            return false;
        }
        Failure overdue = deadline.overdue(head);
        if (overdue != null) {
            failed(overdue);
            return !ending.isAborted();
        }
        if (ending.isDraining() && backlog.isOnDisk()) {
            // what is on the way is on disk too: an acknowledgement only saves sending it again
            return wakeup.await(patience.beforeSpooling()).isPositive();
        }
        wakeup.await(Replays.BETWEEN_LOOKS);
        return true;
    }

    /**
     * What comes between a failure and the next attempt, with nothing on the way: the dead letter queue takes what is due
     * for it, or time passes, or the sink is reset. False when something may be sent.
     */
    private boolean isHeldUp() throws Failure.Fatal, InterruptedException {
        Flight.Tried oldest = flight.nextAgain();
        if (oldest != null && lettersMayBeKept() && lastResort.isDueFor(oldest)) {
            keep(flight.takeAgain());
            return true;
        }
        Duration rest = health.rest();
        if (rest.isPositive()) {
            boolean kept = breaker.blocked().isPositive()
                    && lettersMayBeKept()
                    && lastResort.takesLastFailure()
                    && keep(next());
            if (!kept && givesUp()) {
                LOG.warn("sink {}: stopped while it fails; what it does not hold is in no checkpoint", sink.id());
                ending.abort();
            } else if (!kept) {
                wakeup.await(rest.compareTo(Replays.BETWEEN_LOOKS) < 0 ? rest : Replays.BETWEEN_LOOKS);
            }
            return true;
        }
        if (health.isBroken()) {
            mend();
            return true;
        }
        return false;
    }

    private boolean lettersMayBeKept() {
        return health.mayAskLetters() && !window.isBegun() && !(ending.isDraining() && backlog.isOnDisk());
    }

    /** The dead letter queue takes it instead of the sink, if it can; false when there is nothing to keep. */
    private boolean keep(Flight.@Nullable Tried tried) throws Failure.Fatal {
        if (tried == null) {
            return false;
        }
        Batch fresh = standing.fresh(tried.entry());
        try {
            if (fresh.size() == 0 || lastResort.keeps(fresh, tried.failures())) {
                settlement.passed(tried.entry(), fresh);
                sink.forget();
                return true;
            }
            again(tried);
        } catch (Failure | RuntimeException e) {
            again(tried);
            health.resumeIn(setbacks.met(Setbacks.failureOf(e)));
        }
        health.askLettersIn(Replays.BETWEEN_LOOKS);
        return true;
    }

    private void again(Flight.Tried tried) {
        flight.putBack(tried);
        standing.again();
    }

    /** After a failure, before anything is sent again. */
    private void mend() throws Failure.Fatal {
        if (givesUp()) {
            ending.abort();
            return;
        }
        try {
            sink.stretchTimeouts(deadline.isStretched());
            sink.reset();
            if (transactional != null) {
                // whether the last commit took place is known only now
                standing.find();
            }
            health.mended();
        } catch (Failure | RuntimeException e) {
            Failure failure = Setbacks.failureOf(e);
            health.failed(failure);
            flight.failedAgain();
            health.resumeIn(setbacks.met(failure));
        }
    }

    /** What is in a transaction waits for its commit, but for the parts of a larger one. */
    private boolean isSettledByAcknowledgement(Sent head) {
        return transactional == null || head.fresh().commit() == null || (!head.hasEvents() && !window.isBegun());
    }

    private boolean mayTakeMore() {
        return !ending.isAborted()
                && window.isOpen()
                && !(ending.isDraining() && backlog.isOnDisk())
                && (flight.isEmpty() || !breaker.isHalfOpen());
    }

    private Flight.@Nullable Tried take() {
        Flight.Tried tried = next();
        if (tried != null && !window.takes(tried.entry().batch())) {
            flight.putBack(tried);
            return null;
        }
        return tried;
    }

    private Flight.@Nullable Tried next() {
        Flight.Tried tried = flight.takeAgain();
        if (tried != null) {
            return tried;
        }
        Entry entry = backlog.poll();
        return entry == null ? null : new Flight.Tried(entry, 0);
    }

    private boolean isEnded() {
        return ending.isAborted()
                || (ending.isDraining()
                        && flight.isEmpty()
                        && (backlog.isOnDisk() || (flight.isNothingLeftOver() && backlog.isEmpty())));
    }

    /** True when waiting for the sink to get better is over. */
    private boolean givesUp() {
        return isEnded()
                || (ending.isDraining()
                        && (backlog.isOnDisk()
                                || breaker.blocked().isPositive()
                                || (!sink.required() && health.isDown())));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // settle() takes the failure from the future itself
    private void send(Flight.Tried tried) {
        Batch fresh = standing.fresh(tried.entry());
        long startNanos = now();
        CompletableFuture<Void> acknowledged =
                fresh.size() == 0 ? CompletableFuture.completedFuture(null) : write(fresh);
        flight.sent(new Sent(tried.entry(), fresh, acknowledged, startNanos, tried.failures()));
        window.sent(fresh);
        settlement.look();
        if (fresh.size() > 0) {
            monitor.batchSent(sink.id(), fresh.size(), now() - startNanos);
            acknowledged.whenComplete((nothing, failure) -> wakeup.call());
        }
    }

    private CompletableFuture<Void> write(Batch batch) {
        try {
            return sink.write(batch);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void settle(Sent sent) throws Failure.Fatal, Rewind, InterruptedException {
        if (isHeld(sent)) {
            flight.removeHead();
            arrived(sent);
        }
    }

    /**
     * True when the sink, or for what it can never take the dead letter queue, has all of it (invariant 1). If not,
     * everything that is not acknowledged will be written again.
     */
    private boolean isHeld(Sent sent) throws Failure.Fatal, Rewind, InterruptedException {
        Failure failure = Setbacks.outcome(sent.acknowledged());
        if (failure instanceof Failure.Rejected rejected) {
            return bury(sent.fresh(), rejected);
        }
        if (failure != null) {
            failed(failure);
        }
        return failure == null;
    }

    /** False when there is no place for them: the end came first, or all will be written again. */
    private boolean bury(Batch batch, Failure.Rejected rejected) throws Failure.Fatal, Rewind, InterruptedException {
        monitor.sinkFailed(sink.id(), "rejected");
        while (!givesUp()) {
            try {
                deadLetters.add(sink.id(), batch, rejected);
                return true;
            } catch (Failure.Retryable full) {
                await(setbacks.heldUp(full)); // not the sink's failure: the queue counts it
                if (!replayToMakeRoom(full)) {
                    return false;
                }
            } catch (Failure | RuntimeException e) {
                again(Setbacks.failureOf(e), 0);
                return false;
            }
        }
        ending.abort();
        return false;
    }

    /** True when the sink works, as far as anybody can tell, or there is nothing else to tell it by. */
    private boolean mayReprocess() {
        boolean idle = backlog.isEmpty() && flight.isEmpty() && flight.isNothingLeftOver();
        boolean works = breaker.isClosed() && !health.isFailing() && flight.isNothingLeftOver();
        return (works || idle) && (transactional == null || standing.known() != null);
    }

    /** Replays did; false when everything that is not acknowledged will be written again. */
    private boolean went(@Nullable Failure failure) throws Failure.Fatal, Rewind, InterruptedException {
        if (failure != null) {
            health.failed(failure);
            again(failure, 0);
            return false;
        }
        health.worked();
        return true;
    }

    /** False when everything that is not acknowledged will be written again. */
    private boolean replayToMakeRoom(Failure full) throws Failure.Fatal, Rewind, InterruptedException {
        if (!resending.replaysWait()) {
            return true;
        }
        if (transactional == null) {
            return went(resending.replay());
        }
        again(full, 0); // the open transaction waits for the room: another can only be made without it
        return false;
    }

    private void arrived(Sent sent) {
        settlement.arrived(sent);
        if (sent.hasEvents()) {
            health.liveWorked();
        }
    }

    private boolean commitIsDue() {
        return transactional != null
                && window.closes()
                && flight.last().isDone()
                && flight.allDone()
                && checkpoints.othersHold(recipient.index());
    }

    private void commit() throws Failure.Fatal, Rewind, InterruptedException {
        Position position = null;
        for (Sent sent : flight) {
            if (!isHeld(sent)) {
                return;
            }
            position = sent.fresh().commit() != null ? sent.fresh().commit() : position;
        }
        try {
            if (transactional != null && position != null) {
                transactional.commit(position);
            }
        } catch (Failure | RuntimeException e) {
            health.doubted();
            failed(Setbacks.failureOf(e));
            return;
        }
        window.reset();
        for (Sent sent = flight.head(); sent != null; sent = flight.head()) {
            flight.removeHead();
            arrived(sent);
        }
    }

    /** The sink did. */
    private void failed(Failure failure) throws Failure.Fatal, Rewind, InterruptedException {
        health.liveFailed(failure);
        again(failure, 1);
    }

    /**
     * Everything that is not acknowledged will be sent again, in order, after waiting as the failure asks.
     *
     * @param counted failures more for the oldest batch
     */
    private void again(Failure failure, int counted) throws Failure.Fatal, Rewind, InterruptedException {
        int onTheWay = flight.events();
        if (onTheWay > 0) {
            monitor.eventsNotAcknowledged(sink.id(), onTheWay);
        }
        Duration delay = setbacks.met(failure);
        if (window.hasLetGo()) {
            await(delay);
            if (givesUp()) {
                ending.abort();
                return;
            }
            throw new Rewind(sink.id(), String.valueOf(failure.getMessage()));
        }
        flight.lost(counted);
        standing.again();
        window.reset();
        health.broke(delay);
    }

    private long now() {
        return patience.nanoClock().getAsLong();
    }

    private void await(Duration delay) throws InterruptedException {
        Duration left = delay;
        while (!givesUp() && left.isPositive()) {
            left = wakeup.await(left);
        }
    }
}
