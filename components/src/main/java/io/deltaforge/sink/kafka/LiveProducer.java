package io.deltaforge.sink.kafka;

import io.deltaforge.event.Event;
import io.deltaforge.spi.Failure;
import java.time.Duration;
import java.util.IdentityHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * A producer from its creation to its first failure, which ends it: what was sent after the record that failed must not
 * arrive before it is sent again (invariant 2), so the rest is given up, and sent again by the next producer. Thread-safe.
 */
final class LiveProducer {
    private final KafkaProducer<byte[], byte[]> producer;
    private final Thread writer;
    private final IdentityHashMap<Event, Undelivered> undeliverable = new IdentityHashMap<>();
    private volatile @Nullable Failure failure;

    /** Why an event can never be delivered. */
    record Undelivered(String kind, String reason) {}

    /** @param writer the thread that sends; a failure met there needs no more than that it stops sending */
    LiveProducer(KafkaProducer<byte[], byte[]> producer, Thread writer) {
        this.producer = producer;
        this.writer = writer;
    }

    KafkaProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** The first failure, or the first fatal one: what needs a human must not be hidden by its consequences. */
    @Nullable
    Failure failure() {
        return failure;
    }

    boolean hasFailed() {
        return failure != null;
    }

    void fail(Failure next) {
        synchronized (this) {
            if (failure != null) {
                if (!(failure instanceof Failure.Fatal) && next instanceof Failure.Fatal) {
                    failure = next;
                }
                return;
            }
            failure = next;
        }
        if (!Thread.currentThread().equals(writer)) {
            // on the producer's own thread this only asks it to end, and to fail what is left
            close();
        }
    }

    /** Remembers an event of a failed batch, so that sending the batch again leaves it out. */
    void remember(Event event, Undelivered why) {
        synchronized (undeliverable) {
            undeliverable.put(event, why);
        }
    }

    /** What {@link #remember} was told. */
    void addUndeliverableTo(IdentityHashMap<Event, Undelivered> remembered) {
        synchronized (undeliverable) {
            undeliverable.forEach(remembered::put);
        }
    }

    /** Ends it without waiting; every record without an answer fails promptly. */
    void close() {
        try {
            producer.close(Duration.ZERO);
        } catch (InterruptException e) {
            // it is closed all the same, and the thread's interrupt flag is set again
            Thread.currentThread().interrupt();
        }
    }
}
