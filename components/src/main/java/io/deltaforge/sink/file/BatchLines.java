package io.deltaforge.sink.file;

import io.deltaforge.spi.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What a batch adds to which files. Filled by the delivery thread, then handed over to the thread that writes. */
final class BatchLines {
    private final Map<String, Lines> byStream = new LinkedHashMap<>();
    private final List<Failure.RejectedEvent> rejected = new ArrayList<>();
    private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();

    Lines of(String stream) {
        return byStream.computeIfAbsent(stream, name -> new Lines());
    }

    void reject(Failure.RejectedEvent event) {
        rejected.add(event);
    }

    Map<String, Lines> byStream() {
        return byStream;
    }

    /** Every line is durable. */
    void complete() {
        if (rejected.isEmpty()) {
            acknowledged.complete(null);
        } else {
            acknowledged.completeExceptionally(new Failure.Rejected(rejected));
        }
    }

    void fail(Failure why) {
        acknowledged.completeExceptionally(why);
    }

    CompletableFuture<Void> acknowledged() {
        return acknowledged;
    }
}
