package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.event.Position;
import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Pressure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkPolicy;
import io.deltaforge.spi.TransactionalSink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Delivers a pipeline's batches to one sink, in order, with several of them on the way. Batches may be acknowledged out of
 * order; only the completed prefix moves the checkpoint (invariant 1). To a {@link TransactionalSink} nothing is delivered
 * before the commit: {@link OpenTransaction} says when that is.
 *
 * <p>{@link #deliver} is the delivery thread's work. {@link #offer} belongs to the source thread; the rest is thread-safe.
 */
final class Delivery {
    private final Recipient recipient;
    private final Sink sink;
    /** The same as {@link #sink}, where it is one. */
    private final @Nullable TransactionalSink transactional;

    private final Selection selection;
    private final Backlog backlog;
    private final Window window;
    private final Checkpoints checkpoints;
    private final DeadLetters deadLetters;
    private final Replays replays;
    private final PipelineMonitor monitor;
    private final Setbacks setbacks;
    private final Patience patience;
    /** Where the source cannot pause. */
    private final @Nullable Overflow overflow;

    private final Wakeup wakeup = new Wakeup();
    private final CountDownLatch positioned = new CountDownLatch(1);
    private volatile boolean draining;
    private volatile boolean aborted;

    /** Confined to the delivery thread. */
    private final ArrayDeque<Sent> inFlight = new ArrayDeque<>();

    /** Polled, and to be sent when the window has opened for it. */
    private @Nullable Entry next;

    private volatile boolean open;
    private volatile boolean hungry = true;
    private volatile long oldestPendingCommitMicros;
    /** Events of the entries settled so far, delivered now or before the restart. */
    private long settledEvents;

    private AlreadyHeld alreadyHeld = new AlreadyHeld(null);

    Delivery(
            Recipient recipient,
            Backlog backlog,
            Window window,
            Checkpoints checkpoints,
            DeadLetters deadLetters,
            boolean sourceCannotPause,
            PipelineMonitor monitor,
            Patience patience) {
        this.recipient = recipient;
        this.sink = recipient.sink();
        this.transactional = sink instanceof TransactionalSink it ? it : null;
        this.selection = new Selection(recipient.filter());
        this.backlog = backlog;
        this.window = window;
        this.checkpoints = checkpoints;
        this.deadLetters = deadLetters;
        this.replays = new Replays(sink, deadLetters, () -> checkpoints.known(recipient.index()), patience.nanoClock());
        this.monitor = monitor;
        this.patience = patience;
        this.setbacks = new Setbacks(sink, monitor, patience);
        this.overflow = sourceCannotPause
                ? new Overflow(recipient, new Selection(recipient.filter()), deadLetters, monitor, patience.nanoClock())
                : null;
    }

    Sink sink() {
        return sink;
    }

    /** True once the sink has connected. */
    boolean isOpen() {
        return open;
    }

    /**
     * Waits until this sink's checkpoint is known: at once where the engine keeps it, else until the sink was opened and has
     * told its own, or will not be any more. One that nobody waits for is never waited for: the engine's copy of its
     * checkpoint is never ahead of it, so reading from there misses nothing.
     */
    void awaitPosition() throws InterruptedException {
        if (transactional != null && sink.required()) {
            positioned.await();
        }
    }

    /** The end has come: nobody is to wait for the position any more. */
    void stopAwaitingPosition() {
        positioned.countDown();
    }

    /** What can be seen of it now. */
    PipelineStatus.SinkStatus status() {
        Position saved = checkpoints.saved(recipient.index());
        Backlog.Spooled spooled = backlog.spooled();
        return new PipelineStatus.SinkStatus(
                sink.id(),
                sink.required(),
                recipient.progress().events(),
                backlog.acceptedEvents() - checkpoints.savedEvents(recipient.index()),
                oldestPendingCommitMicros,
                saved == null ? null : saved.text(),
                setbacks.trouble(),
                spooled.events(),
                spooled.bytes(),
                spooled.skipped(),
                recipient.room().status(),
                PipelineStatus.BreakerState.CLOSED);
    }

    /** Queues a batch; never blocks, unless the source cannot pause. */
    void offer(Batch batch) {
        if (backlog.offer(overflow == null ? batch : overflow.admitted(batch))) {
            checkpoints.spooled();
        }
        wakeup.call();
    }

    /** True when a batch offered now would be sent at once, or waiting for more would not help this sink. */
    boolean isHungry() {
        return !recipient.paces() || (hungry && backlog.isEmpty());
    }

    /** Something changed that it may wait for. */
    void wake() {
        wakeup.call();
    }

    /**
     * No more batches will come: end once everything is delivered. What waits on disk is left there for the next start:
     * stopping a pipeline must not take as long as catching up.
     */
    void drain() {
        draining = true;
        wakeup.call();
    }

    /** End at once, whatever is on the way. */
    void abort() {
        aborted = true;
        wakeup.call();
    }

    /** Frees what the backlog holds open, when no thread works on it any more. */
    void close() {
        backlog.close();
    }

    /** Delivers until drained or aborted. */
    void deliver() throws Failure.Fatal, Rewind, InterruptedException {
        try {
            boolean more = open();
            positioned.countDown();
            while (more) {
                more = step(); // one batch sent or settled
            }
        } finally {
            positioned.countDown();
            sink.close();
        }
    }

    /** Tries until it is open; false when the end came first, with nothing to deliver or by {@link #abort}. */
    private boolean open() throws Failure.Fatal, InterruptedException {
        while (!isEnded()) {
            try {
                sink.open(recipient.context());
                position();
                open = true;
                setbacks.over();
                return true;
            } catch (Failure | RuntimeException e) {
                await(setbacks.met(Setbacks.failureOf(e)));
            }
        }
        return false;
    }

    /** Finds out what the sink holds: by the engine's record, or by its own, whichever is further. */
    private void position() throws Failure.Fatal {
        String own = transactional == null ? null : transactional.checkpoint();
        if (own != null) {
            checkpoints.told(recipient.index(), parsed(own));
        }
        alreadyHeld = new AlreadyHeld(checkpoints.known(recipient.index()));
    }

    private Position parsed(String text) throws Failure.Fatal {
        try {
            return recipient.positions().apply(text);
        } catch (IllegalArgumentException e) {
            throw new Failure.Fatal(String.valueOf(e.getMessage()), e);
        }
    }

    private boolean step() throws Failure.Fatal, Rewind, InterruptedException {
        Sent head = inFlight.peek();
        if (head != null && head.isDone() && isSettledByAcknowledgement(head)) {
            settle(head);
            return !aborted;
        }
        boolean replaysAreDue = !window.isBegun() && replaysWait();
        if (replaysAreDue && inFlight.isEmpty()) {
            replay();
            return !aborted;
        }
        Entry entry = mayTakeMore() && !replaysAreDue ? take() : null;
        if (entry != null) {
            send(entry);
            return true;
        }
        if (commitIsDue()) {
            commit();
            return !aborted;
        }
        if (isEnded()) {
            return false;
        }
        Duration deadline = deadline();
        if (deadline != null && head != null && isOverdue(head, deadline)) {
            retry(new Failure.Retryable(
                    "a batch was not acknowledged within sink_batch_deadline_secs (" + deadline.toSeconds()
                            + "): it is sent again",
                    null));
            return !aborted;
        }
        if (draining && backlog.isOnDisk()) {
            // what is on the way is on disk too: an acknowledgement only saves sending it again
            return wakeup.await(patience.beforeSpooling()).isPositive();
        }
        wakeup.await(Replays.BETWEEN_LOOKS);
        return true;
    }

    /** Longer while the queue is critical: then the other side is slow, and sending again makes it slower. */
    private @Nullable Duration deadline() {
        Duration usual = recipient.deadline();
        SinkPolicy.Backpressure thresholds = recipient.policy().thresholds();
        return usual != null
                        && thresholds != null
                        && thresholds.timeoutEscalation()
                        && recipient.room().pressure().compareTo(Pressure.CRITICAL) >= 0
                ? usual.multipliedBy(2)
                : usual;
    }

    private boolean isOverdue(Sent head, Duration deadline) {
        return !head.isDone() && now() - head.nanos() >= deadline.toNanos();
    }

    /** What is in a transaction waits for its commit, but for the parts of a larger one. */
    private boolean isSettledByAcknowledgement(Sent head) {
        return transactional == null || head.fresh().commit() == null || (!head.hasEvents() && !window.isBegun());
    }

    private boolean mayTakeMore() {
        return !aborted && window.isOpen() && !(draining && backlog.isOnDisk());
    }

    private @Nullable Entry take() {
        Entry entry = next != null ? next : backlog.poll();
        if (entry != null && !window.takes(entry.batch())) {
            next = entry;
            return null;
        }
        next = null;
        return entry;
    }

    private boolean isEnded() {
        return aborted
                || (draining && inFlight.isEmpty() && (backlog.isOnDisk() || (next == null && backlog.isEmpty())));
    }

    /** True when waiting for the sink to get better is over. */
    private boolean givesUp() {
        return isEnded() || (draining && backlog.isOnDisk());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // settle() takes the failure from the future itself
    private void send(Entry entry) {
        Batch fresh = selection.of(alreadyHeld.without(entry.batch()));
        long startNanos = now();
        CompletableFuture<Void> acknowledged =
                fresh.size() == 0 ? CompletableFuture.completedFuture(null) : write(fresh);
        inFlight.add(new Sent(entry, fresh, acknowledged, startNanos));
        window.sent(fresh);
        note();
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
            inFlight.remove();
            settled(sent);
        }
    }

    /**
     * True when the sink, or for what it can never take the dead letter queue, has all of it (invariant 1). If not,
     * everything that is not acknowledged was written again.
     */
    private boolean isHeld(Sent sent) throws Failure.Fatal, Rewind, InterruptedException {
        Failure failure = Setbacks.outcome(sent.acknowledged());
        if (failure instanceof Failure.Rejected rejected) {
            return bury(sent.fresh(), rejected);
        }
        if (failure != null) {
            retry(failure);
        }
        return failure == null;
    }

    /** False when there is no place for them: the end came first, or all was written again. */
    private boolean bury(Batch batch, Failure.Rejected rejected) throws Failure.Fatal, Rewind, InterruptedException {
        monitor.sinkFailed(sink.id(), "rejected");
        while (!givesUp()) {
            try {
                deadLetters.add(sink.id(), batch, rejected);
                return true;
            } catch (Failure.Retryable full) {
                await(setbacks.met(full));
                if (!replayToMakeRoom(full)) {
                    return false;
                }
            } catch (Failure | RuntimeException e) {
                retry(Setbacks.failureOf(e));
                return false;
            }
        }
        aborted = true;
        return false;
    }

    private boolean replaysWait() throws Failure.Fatal {
        try {
            return !draining && !aborted && replays.areWaiting();
        } catch (Failure.Retryable busy) {
            return false; // it is looked into again
        } catch (Failure broken) {
            setbacks.met(broken);
            return false;
        }
    }

    /** False when everything that is not acknowledged was written again. */
    private boolean replay() throws Failure.Fatal, Rewind, InterruptedException {
        Failure failure = replays.send(() -> draining || aborted);
        if (failure != null) {
            retry(failure);
            return false;
        }
        setbacks.over();
        return true;
    }

    /** False when everything that is not acknowledged was written again. */
    private boolean replayToMakeRoom(Failure full) throws Failure.Fatal, Rewind, InterruptedException {
        if (!replaysWait()) {
            return true;
        }
        if (transactional == null) {
            return replay();
        }
        retry(full); // the open transaction waits for the room: another can only be made without it
        return false;
    }

    private void settled(Sent sent) {
        window.settled(sent.fresh());
        settledEvents += sent.entry().batch().size();
        Position commit = sent.fresh().commit();
        if (commit != null) {
            checkpoints.reached(
                    recipient.index(), commit, settledEvents, sent.entry().number());
        }
        backlog.delivered(sent.entry());
        note();
        if (sent.hasEvents()) {
            report(sent);
            setbacks.over();
        }
    }

    private void report(Sent sent) {
        recipient.progress().delivered(sent.held());
        long sinceCommitMicros = Math.max(0, System.currentTimeMillis() * 1000 - sent.commitMicros());
        monitor.batchDelivered(sink.id(), sent.held(), now() - sent.nanos(), sinceCommitMicros * 1000);
    }

    private void note() {
        Sent head = inFlight.peek();
        oldestPendingCommitMicros = head == null || !head.hasEvents()
                ? 0
                : head.fresh().event(0).transaction().commitMicros();
        hungry = window.isHungry();
    }

    private boolean commitIsDue() {
        return transactional != null
                && window.closes()
                && inFlight.getLast().isDone()
                && inFlight.stream().allMatch(Sent::isDone)
                && checkpoints.othersHold(recipient.index());
    }

    private void commit() throws Failure.Fatal, Rewind, InterruptedException {
        Position position = null;
        for (Sent sent : inFlight) {
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
            retry(Setbacks.failureOf(e));
            return;
        }
        window.reset();
        for (Sent sent = inFlight.poll(); sent != null; sent = inFlight.poll()) {
            settled(sent);
        }
    }

    /** Sends everything that is not acknowledged again, in order, after waiting as the failure asks. */
    private void retry(Failure first) throws Failure.Fatal, Rewind, InterruptedException {
        Failure failure = first;
        while (failure != null) {
            await(setbacks.met(failure));
            if (givesUp()) {
                aborted = true;
                return;
            }
            if (window.hasLetGo()) {
                throw new Rewind(sink.id(), String.valueOf(failure.getMessage()));
            }
            failure = reset();
        }
        List<Sent> unacknowledged = new ArrayList<>(inFlight);
        inFlight.clear();
        window.reset();
        for (Sent sent : unacknowledged) {
            send(sent.entry());
        }
    }

    private @Nullable Failure reset() throws Failure.Fatal, InterruptedException {
        try {
            sink.reset();
        } catch (Failure | RuntimeException e) {
            return Setbacks.failureOf(e);
        }
        if (transactional != null) {
            // whether the last commit took place is known only now
            position();
        }
        return transactional != null && replaysWait() ? replays.send(() -> draining || aborted) : null;
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
