package io.deltaforge.engine;

import io.deltaforge.event.Event;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** Keeps what it is given, and answers as the test says: by default each batch is acknowledged at once. */
final class RecordingSink implements Sink {
    private final String id;
    private final boolean required;
    final List<String> received = Collections.synchronizedList(new ArrayList<>());
    final Deque<CompletableFuture<Void>> open = new ArrayDeque<>();
    volatile Function<Batch, CompletableFuture<Void>> answer = batch -> CompletableFuture.completedFuture(null);
    volatile int resets;
    private boolean released;
    volatile boolean unreachable;
    /** Its server takes connections and never answers. */
    volatile boolean silent;

    final CountDownLatch asked = new CountDownLatch(1);

    /** After a batch failed, a reset waits for what it lacks, as long as somebody may write it again. */
    volatile boolean waits;

    private boolean lacking;

    /** What {@link #stretchTimeouts} was told last. */
    volatile boolean stretched;

    RecordingSink(String id, boolean required) {
        this.id = id;
        this.required = required;
    }

    /** Leaves every batch unacknowledged; the test completes them from {@link #open}. */
    RecordingSink holding() {
        answer = batch -> {
            CompletableFuture<Void> acknowledged = new CompletableFuture<>();
            synchronized (open) {
                open.add(acknowledged);
                if (released) {
                    acknowledged.complete(null);
                }
            }
            return acknowledged;
        };
        return this;
    }

    /** Acknowledges what was held, and everything from now on. */
    void release() {
        answer = batch -> CompletableFuture.completedFuture(null);
        synchronized (open) {
            released = true;
            open.forEach(acknowledged -> acknowledged.complete(null));
        }
    }

    int openCount() {
        synchronized (open) {
            return open.size();
        }
    }

    CompletableFuture<Void> open(int n) {
        synchronized (open) {
            return new ArrayList<>(open).get(n);
        }
    }

    @Override
    public void stretchTimeouts(boolean twice) {
        stretched = twice;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean required() {
        return required;
    }

    @Override
    public void open(SinkContext context) throws Failure {
        if (unreachable) {
            throw new Failure.Retryable("broker is away", null);
        }
        if (silent) {
            awaitAnswer();
        }
    }

    private void awaitAnswer() throws Failure {
        asked.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure.Retryable("interrupted while connecting", e);
        }
    }

    @Override
    public CompletableFuture<Void> write(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            Event event = batch.event(i);
            received.add(event.transaction().id() + ":" + event.ordinal());
        }
        CompletableFuture<Void> answered = answer.apply(batch);
        lacking |= waits && answered.isCompletedExceptionally() && answered.exceptionNow() instanceof Failure.Retryable;
        return answered;
    }

    @Override
    public void forget() {
        lacking = false;
    }

    static CompletableFuture<Void> failed(Failure failure) {
        return CompletableFuture.failedFuture(failure);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one delivery thread
    public void reset() throws Failure.Retryable {
        resets++;
        if (lacking) {
            throw new Failure.Retryable("what a batch lacks is not there", null);
        }
    }

    @Override
    public void close() {}
}
