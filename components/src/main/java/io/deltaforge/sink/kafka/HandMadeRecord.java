package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Rendered;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** A record of no event, on its way. Completes on the producer's thread. */
final class HandMadeRecord implements Callback {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final LiveProducer producer;

    private HandMadeRecord(LiveProducer producer) {
        this.producer = producer;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of the failure
    static CompletableFuture<Void> send(Rendered record, LiveProducer producer, Topics topics) {
        HandMadeRecord sent = new HandMadeRecord(producer);
        String topic = record.destination();
        if (topic == null || !TopicName.isLegal(topic)) {
            sent.reject(
                    "invalid_topic", "topic " + TopicName.RULE + ", but is " + (topic == null ? "not known" : topic));
            return sent.done;
        }
        KafkaErrors.RecordError obstacle = topics.obstacle(topic, producer.producer());
        if (obstacle != null) {
            sent.fail(obstacle);
            return sent.done;
        }
        try {
            List<Header> headers = record.headers().stream()
                    .<Header>map(header -> new RecordHeader(header.name(), header.value()))
                    .toList();
            producer.producer()
                    .send(new ProducerRecord<>(topic, record.partition(), record.key(), record.value(), headers), sent);
        } catch (RuntimeException e) {
            // thrown instead of handed to the callback: closed, interrupted, or the record cannot be prepared
            sent.onCompletion(null, e);
        }
        return sent.done;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception error) {
        if (error == null) {
            done.complete(null);
            return;
        }
        fail(KafkaErrors.onRecord(error, metadata == null ? null : metadata.topic()));
    }

    private void fail(KafkaErrors.RecordError error) {
        switch (error) {
            case KafkaErrors.Undeliverable undeliverable -> {
                reject(undeliverable.kind(), undeliverable.reason());
                if (producer.isTransactional()) {
                    producer.loseTransaction(undeliverable.reason());
                }
            }
            case KafkaErrors.BatchFailed batchFailed -> {
                producer.fail(batchFailed.failure());
                Failure first = producer.failure();
                done.completeExceptionally(first == null ? batchFailed.failure() : first);
            }
        }
    }

    private void reject(String kind, String reason) {
        done.completeExceptionally(
                new Failure.Rejected(List.of(new Failure.RejectedEvent(0, kind, reason, Rendered.NOTHING))));
    }
}
