package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
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

    private final LiveProducer producer;
    private final Batch batch;
    private final RejectedRecords rejectedRecords;
    /** By index in the batch; one event may have several records. */
    private final SortedMap<Integer, LiveProducer.Undelivered> rejected = new TreeMap<>();

    private volatile boolean failed;

    BatchAcknowledgement(LiveProducer producer, Batch batch, RejectedRecords rejectedRecords) {
        this.producer = producer;
        this.batch = batch;
        this.rejectedRecords = rejectedRecords;
    }

    /** One more record is about to be sent, for the event at this index of the batch. */
    Pending expect(int index) {
        outstanding.getAndIncrement();
        return new Pending(this, index);
    }

    void reject(int index, String kind, String reason) {
        reject(index, new LiveProducer.Undelivered(kind, reason, null));
    }

    void reject(int index, LiveProducer.Undelivered why) {
        synchronized (rejected) {
            rejected.putIfAbsent(index, why);
        }
    }

    /** Every record is with the producer. */
    CompletableFuture<Void> allSent() {
        settle();
        return done;
    }

    /** The producer failed before all of the batch was sent. */
    CompletableFuture<Void> cutShort() {
        failed = true;
        settle();
        return done;
    }

    private void settle() {
        if (outstanding.decrementAndGet() > 0) {
            return;
        }
        Failure why = failed ? producer.failure() : null;
        synchronized (rejected) {
            if (why != null) {
                rejected.forEach((index, reason) -> producer.remember(batch.event(index), reason));
            } else if (!rejected.isEmpty()) {
                why = new Failure.Rejected(rejectedEvents());
            }
        }
        if (why == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(why);
        }
    }

    private List<Failure.RejectedEvent> rejectedEvents() {
        List<Failure.RejectedEvent> events = new ArrayList<>();
        rejected.forEach((index, why) -> events.add(new Failure.RejectedEvent(
                index, why.kind(), why.reason(), rejectedRecords.of(batch.event(index), why.partition()))));
        return events;
    }

    private void acknowledge(int index, @Nullable RecordMetadata metadata, @Nullable Exception error) {
        if (error != null) {
            String topic = metadata == null ? null : metadata.topic();
            Integer partition = metadata == null || metadata.partition() < 0 ? null : metadata.partition();
            note(index, KafkaErrors.onRecord(error, topic), partition);
        }
        settle();
    }

    private void note(int index, KafkaErrors.RecordError error, @Nullable Integer partition) {
        switch (error) {
            case KafkaErrors.Undeliverable undeliverable -> {
                // what a lost transaction takes with it fails for the same reason: only the first is to blame
                if (!producer.isTransactional() || !producer.hasFailed()) {
                    reject(
                            index,
                            new LiveProducer.Undelivered(undeliverable.kind(), undeliverable.reason(), partition));
                }
                if (producer.isTransactional()) {
                    failed = true;
                    producer.loseTransaction(undeliverable.reason());
                }
            }
            case KafkaErrors.BatchFailed batchFailed -> {
                failed = true;
                producer.fail(batchFailed.failure());
            }
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
            batch.acknowledge(index, metadata, error);
        }

        /** It cannot be sent. */
        void fail(KafkaErrors.RecordError error) {
            batch.note(index, error, null);
            batch.settle();
        }
    }
}
