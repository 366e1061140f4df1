package io.deltaforge.reliability;

import io.deltaforge.spi.Failure;
import io.deltaforge.spi.JournalPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the log says of a pipeline's dead letters. Events that are refused are told each time; whole batches that come while a
 * sink is away, and a queue that is full, at once and then once in ten seconds. Confined to one thread at a time.
 */
final class DeadLetterNews {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterNews.class);
    private static final Duration SPACING = Duration.ofSeconds(10);
    /** Kinds of whole batches, which may come by the thousand. */
    private static final Set<String> IN_CROWDS = Set.of("overflow", "error", "timeout");

    private final String pipeline;
    private final InstantSource clock;
    private final Map<String, Instant> saidAt = new HashMap<>();
    private final Map<String, Long> unsaid = new HashMap<>();

    DeadLetterNews(String pipeline, InstantSource clock) {
        this.pipeline = pipeline;
        this.clock = clock;
    }

    void added(String sink, Failure.Rejected rejected) {
        Failure.RejectedEvent first = rejected.events().getFirst();
        if (!IN_CROWDS.contains(first.kind())) {
            LOG.error(
                    "sink {} cannot deliver {}: kept in the dead letter queue, and the pipeline goes on. See: deltaforge dlq"
                            + " list --pipeline {}",
                    sink,
                    DeadLetterMonitor.counted(rejected),
                    pipeline);
            return;
        }
        String what = sink + " " + first.kind();
        long events = unsaid.merge(what, (long) rejected.events().size(), Long::sum);
        if (isTime(what)) {
            unsaid.remove(what);
            LOG.error(
                    "sink {}: {} events went to the dead letter queue ({}), and the pipeline goes on. The last ones: {}",
                    sink,
                    events,
                    first.kind(),
                    first.reason());
        }
    }

    void full(String sink, JournalPolicy.Bounds bounds) {
        if (isTime("full")) {
            LOG.error(
                    "pipeline {}: its dead letter queue is full (journal.dlq.max_entries: {}, overflow_policy: {}) and has no"
                            + " place for what sink {} cannot be given. Make room with `deltaforge dlq replay`, `ack` or"
                            + " `purge`, or raise max_entries",
                    pipeline,
                    bounds.maxEntries(),
                    bounds.overflowPolicy().name().toLowerCase(Locale.ROOT),
                    sink);
        }
    }

    private boolean isTime(String what) {
        Instant now = clock.instant();
        Instant said = saidAt.get(what);
        boolean isTime = said == null || !now.isBefore(said.plus(SPACING));
        if (isTime) {
            saidAt.put(what, now);
        }
        return isTime;
    }
}
