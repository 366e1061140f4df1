package io.deltaforge.engine;

import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sink's failures mean: wait and try again, or end the pipeline. Each is logged when it begins, not at every
 * attempt. Confined to the delivery thread, but for {@link #trouble}.
 */
final class Setbacks {
    private static final Logger LOG = LoggerFactory.getLogger(Setbacks.class);

    private final Sink sink;
    private final PipelineMonitor monitor;
    private final Patience patience;
    private int failures;
    private @Nullable String toldHuman;
    private volatile @Nullable String trouble;

    Setbacks(Sink sink, PipelineMonitor monitor, Patience patience) {
        this.sink = sink;
        this.monitor = monitor;
        this.patience = patience;
    }

    /** Why deliveries fail at the moment; {@code null} when they do not. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /**
     * Takes note of a failure.
     *
     * @return how long to wait before the next attempt
     * @throws Failure.Fatal when a sink that is required needs a human
     */
    Duration met(Failure failure) throws Failure.Fatal {
        return switch (failure) {
            case Failure.Retryable retryable -> {
                monitor.sinkFailed(sink.id(), "retryable");
                yield again(retryable);
            }
            case Failure.Rejected rejected ->
                // a batch's rejected events go to the dead letter queue; nothing else has events to reject
                throw new Failure.Fatal("sink " + sink.id() + " rejects events where it has none", rejected);
            case Failure.Fatal fatal -> {
                monitor.sinkFailed(sink.id(), "fatal");
                yield needsHuman(fatal);
            }
        };
    }

    /** As {@link #met}, of something that is not the sink's fault. */
    Duration heldUp(Failure.Retryable obstacle) {
        return again(obstacle);
    }

    private Duration again(Failure.Retryable retryable) {
        failures++;
        Duration asked = retryable.after();
        Duration delay = asked != null ? asked : patience.betweenAttempts().delay(failures);
        if (failures == 1) {
            LOG.warn("sink {}: {}; trying again in {} ms", sink.id(), retryable.getMessage(), delay.toMillis());
        }
        trouble = String.valueOf(retryable.getMessage());
        return delay;
    }

    private Duration needsHuman(Failure.Fatal fatal) throws Failure.Fatal {
        if (sink.required()) {
            throw fatal;
        }
        failures++;
        String message = String.valueOf(fatal.getMessage());
        if (!message.equals(toldHuman)) {
            toldHuman = message;
            LOG.error(
                    "sink {}: {} (it is not required: the pipeline goes on, and tries again every {} s)",
                    sink.id(),
                    message,
                    patience.afterFatal().toSeconds(),
                    fatal.getCause());
        }
        trouble = message;
        return patience.afterFatal();
    }

    /** It works. */
    void over() {
        if (failures > 0) {
            LOG.info("sink {}: delivering again after {} failed attempts", sink.id(), failures);
            failures = 0;
            toldHuman = null;
            trouble = null;
        }
    }

    /** Waits for its end; {@code null} when all went well. */
    static @Nullable Failure outcome(CompletableFuture<Void> acknowledged) throws InterruptedException {
        try {
            acknowledged.get();
            return null;
        } catch (ExecutionException e) {
            return failureOf(e.getCause());
        }
    }

    /** A sink that throws anything else does not know what it met: nobody can say that trying again is safe or useful. */
    static Failure failureOf(@Nullable Throwable cause) {
        return cause instanceof Failure failure
                ? failure
                : new Failure.Fatal("the sink failed in a way it does not know: " + cause, cause);
    }
}
