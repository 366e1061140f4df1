package io.deltaforge.sink.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.deltaforge.event.Event;
import io.deltaforge.spi.EventId;
import io.deltaforge.spi.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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
    private final boolean transactional;
    /** By event id. */
    private final Map<String, Undelivered> undeliverable = new HashMap<>();

    private volatile @Nullable Failure failure;

    /** Why an event can never be delivered, and to which partition, where one had been chosen. */
    record Undelivered(String kind, String reason, @Nullable Integer partition) {}

    /** @param writer the thread that sends; a failure met there needs no more than that it stops sending */
    LiveProducer(KafkaProducer<byte[], byte[]> producer, Thread writer, boolean transactional) {
        this.producer = producer;
        this.writer = writer;
        this.transactional = transactional;
    }

    /** True when a record that is refused takes everything else of its transaction with it. */
    boolean isTransactional() {
        return transactional;
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
            close(Duration.ZERO);
        }
    }

    /** A transaction's record was refused, and the rest of it with it. */
    void loseTransaction(String reason) {
        fail(new Failure.Retryable(reason + " The transaction is written again without it.", null));
    }

    /** Remembers an event of a failed batch, so that sending the batch again, or the same read again, leaves it out. */
    void remember(Event event, Undelivered why) {
        synchronized (undeliverable) {
            undeliverable.put(nameOf(event), why);
        }
    }

    /** What an event is remembered by. */
    static String nameOf(Event event) {
        return new String(new EventId().bytes(event), ISO_8859_1);
    }

    /** What {@link #remember} was told. */
    void addUndeliverableTo(Map<String, Undelivered> remembered) {
        synchronized (undeliverable) {
            remembered.putAll(undeliverable);
        }
    }

    /** Ends it; every record without an answer within this time fails. An open transaction is aborted, if time allows. */
    void close(Duration patience) {
        try {
            producer.close(patience);
        } catch (InterruptException e) {
            // it is closed all the same, and the thread's interrupt flag is set again
            Thread.currentThread().interrupt();
        }
    }
}
