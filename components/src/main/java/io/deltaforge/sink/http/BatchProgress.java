package io.deltaforge.sink.http;

import io.deltaforge.spi.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What is known of the events of one batch. Thread-safe. */
final class BatchProgress {
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private final List<Failure.RejectedEvent> rejected = new ArrayList<>();
    private final List<String> arrived = new ArrayList<>();
    private int outstanding;

    /** So many of its events are going to be sent. */
    synchronized void expect(int events) {
        outstanding += events;
    }

    synchronized void reject(Failure.RejectedEvent event) {
        rejected.add(event);
    }

    /** The endpoint holds the event of this identity. */
    synchronized void arrived(String eventId) {
        arrived.add(eventId);
    }

    /** The identities of the events that the endpoint holds. */
    synchronized List<String> arrived() {
        return List.copyOf(arrived);
    }

    /** So many of its events need no more attention: they arrived, or were rejected. */
    void settle(int events) {
        Failure.Rejected failure;
        synchronized (this) {
            outstanding -= events;
            if (outstanding > 0) {
                return;
            }
            rejected.sort(Comparator.comparingInt(Failure.RejectedEvent::index));
            failure = rejected.isEmpty() ? null : new Failure.Rejected(rejected);
        }
        if (failure == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(failure);
        }
    }

    void fail(Failure why) {
        done.completeExceptionally(why);
    }

    CompletableFuture<Void> done() {
        return done;
    }
}
