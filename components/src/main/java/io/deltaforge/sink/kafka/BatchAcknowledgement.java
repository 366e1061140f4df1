package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Completes when every record of a batch is acknowledged. {@link #expect}, {@link #reject} and {@link #allSent} belong to
 * the delivery thread; the rest may come from any.
 */
final class BatchAcknowledgement {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    /** Records on the way, and one for the sending itself, so that it cannot complete before all are sent. */
    private final AtomicInteger outstanding = new AtomicInteger(1);

    private final List<Failure.RejectedEvent> rejected = new ArrayList<>();
    private volatile @Nullable Failure failure;

    /** One more record is about to be sent, for the event at this index of the batch. */
    Pending expect(int index) {
        outstanding.getAndIncrement();
        return new Pending(this, index);
    }

    void reject(int index, String kind, String reason) {
        synchronized (rejected) {
            rejected.add(new Failure.RejectedEvent(index, kind, reason));
        }
    }

    /** True when the batch cannot succeed any more, so that sending the rest of it is pointless. */
    boolean hasFailed() {
        return failure != null;
    }

    CompletableFuture<Void> allSent() {
        settle();
        return done;
    }

    private void settle() {
        if (outstanding.decrementAndGet() > 0) {
            return;
        }
        Failure failed = failure;
        if (failed == null) {
            synchronized (rejected) {
                failed = rejected.isEmpty() ? null : new Failure.Rejected(rejected);
            }
        }
        if (failed == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(failed);
        }
    }

    private void acknowledge(int index, @Nullable Exception error) {
        if (error != null) {
            KafkaErrors.RecordError what = KafkaErrors.onRecord(error);
            switch (what) {
                case KafkaErrors.Undeliverable undeliverable ->
                    reject(index, undeliverable.kind(), undeliverable.reason());
                case KafkaErrors.BatchFailed failed -> keepWorst(failed.failure());
            }
        }
        settle();
    }

    /** Fatal outranks retryable: of many errors in a batch the one that needs a human must not be hidden. */
    private synchronized void keepWorst(Failure next) {
        if (failure == null || next instanceof Failure.Fatal) {
            failure = next;
        }
    }

    /** One record on the way. */
    static final class Pending implements Callback {
        private final BatchAcknowledgement batch;
        private final int index;

        Pending(BatchAcknowledgement batch, int index) {
            this.batch = batch;
            this.index = index;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception error) {
            batch.acknowledge(index, error);
        }
    }
}
