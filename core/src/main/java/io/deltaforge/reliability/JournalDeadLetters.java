package io.deltaforge.reliability;

import io.deltaforge.event.Event;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.JournalPolicy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running pipeline's dead letters, in the journal. Thread-safe. */
public final class JournalDeadLetters implements DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(JournalDeadLetters.class);
    private static final String DROP_OLDEST = "drop_oldest";
    private static final String MAX_AGE = "max_age";
    /** How soon a pipeline that waits for room sees that there is some. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private static final Duration BETWEEN_EXPIRIES = Duration.ofSeconds(10);

    private final Journal journal;
    private final String pipeline;
    private final JournalPolicy policy;
    private final EventCodec events;
    private final InstantSource clock;
    private final DeadLetterMonitor monitor;
    private final DeadLetterMaker maker;
    private final ReplayRequests requests;
    private final DeadLetterNews news;
    private Instant expired = Instant.MIN;

    public JournalDeadLetters(
            Journal journal,
            String pipeline,
            JournalPolicy policy,
            EventCodec events,
            InstantSource clock,
            DeadLetterMonitor monitor) {
        this.journal = journal;
        this.pipeline = pipeline;
        this.policy = policy;
        this.events = events;
        this.clock = clock;
        this.monitor = monitor;
        maker = new DeadLetterMaker(pipeline, policy.maxEventBytes(), new SecretColumns(policy.secretColumns()), clock);
        requests = new ReplayRequests(journal, pipeline, events, policy.reprocessing(), clock);
        news = new DeadLetterNews(pipeline, clock);
    }

    /** There is no place for all of them; nothing was added. */
    private static final class Full extends RuntimeException {
        Full() {
            super("full", null, false, false);
        }
    }

    @Override
    public synchronized void add(String sink, Batch batch, Failure.Rejected rejected) throws Failure {
        Map<String, Integer> dropped;
        try {
            expire();
            dropped = journal.write(connection -> {
                for (Failure.RejectedEvent event : rejected.events()) {
                    add(connection, sink, batch.event(event.index()), event);
                }
                return makeRoom(connection);
            });
        } catch (Full full) {
            monitor.full(sink, rejected.events().size());
            news.full(sink, policy.dlq());
            throw full(sink, rejected);
        } catch (JournalException e) {
            throw failure(e);
        }
        DeadLetterMonitor.tellAdded(monitor, sink, rejected);
        news.added(sink, rejected);
        dropped.forEach((ofSink, entries) -> {
            LOG.error(
                    "pipeline {}: its dead letter queue is full (journal.dlq.max_entries: {}): the {} oldest entries of sink"
                            + " {} were dropped and are lost. overflow_policy: block or reject would have stopped instead",
                    pipeline,
                    policy.dlq().maxEntries(),
                    entries,
                    ofSink);
            monitor.dropped(ofSink, DROP_OLDEST, entries);
        });
    }

    private void add(Connection connection, String sink, Event event, Failure.RejectedEvent rejected)
            throws SQLException {
        byte[] encoded = maker.mayKeep(event) ? events.encode(event) : null;
        boolean fits = encoded != null && encoded.length <= policy.maxEventBytes();
        LetterRows.add(connection, maker.letter(sink, event, rejected), fits ? encoded : null);
    }

    @Override
    public boolean keepsWhole(Batch batch) {
        for (int i = 0; i < batch.size(); i++) {
            Event event = batch.event(i);
            if (!maker.mayKeep(event) || events.encode(event).length > policy.maxEventBytes()) {
                return false;
            }
        }
        return batch.size() <= policy.dlq().maxEntries();
    }

    /** Returns how many entries of each sink were dropped. */
    private Map<String, Integer> makeRoom(Connection connection) throws SQLException {
        int excess = LetterRows.count(connection, pipeline) - policy.dlq().maxEntries();
        if (excess <= 0) {
            return Map.of();
        }
        if (policy.dlq().overflowPolicy() != JournalPolicy.Overflow.DROP_OLDEST) {
            throw new Full();
        }
        return LetterRows.removeOldest(connection, pipeline, excess);
    }

    private Failure full(String sink, Failure.Rejected rejected) {
        int most = policy.dlq().maxEntries();
        String what = "the dead letter queue has no place for what sink " + sink + " cannot deliver ("
                + DeadLetterMonitor.counted(rejected) + "): journal.dlq.max_entries is " + most + ". ";
        String mend = "Make room with `deltaforge dlq replay`, `ack` or `purge`, or raise max_entries.";
        if (rejected.events().size() > most) {
            return new Failure.Fatal(what + "One batch has more such events than that: raise it.", rejected);
        }
        return policy.dlq().overflowPolicy() == JournalPolicy.Overflow.BLOCK
                ? new Failure.Retryable(what + mend + " The pipeline waits for it.", rejected, BETWEEN_LOOKS)
                : new Failure.Fatal(what + mend + " Nothing was skipped: the checkpoint stays before it.", rejected);
    }

    private void expire() {
        long maxAgeSecs = policy.dlq().maxAgeSecs();
        Instant now = clock.instant();
        if (maxAgeSecs == 0 || now.minus(BETWEEN_EXPIRIES).isBefore(expired)) {
            return;
        }
        expired = now;
        long before = now.minusSeconds(maxAgeSecs).toEpochMilli();
        Map<String, Integer> gone = journal.write(connection -> LetterRows.removeOlder(connection, pipeline, before));
        gone.forEach((sink, entries) -> {
            LOG.warn(
                    "pipeline {}: {} dead letters of sink {} were older than journal.dlq.max_age_secs ({}) and removed",
                    pipeline,
                    entries,
                    sink,
                    maxAgeSecs);
            monitor.dropped(sink, MAX_AGE, entries);
        });
    }

    @Override
    public synchronized List<Replay> wanted(String sink, int atMost) throws Failure {
        try {
            expire();
            return ready(requests.open(sink, atMost));
        } catch (JournalException e) {
            throw failure(e);
        }
    }

    private List<Replay> ready(List<ReplayRequests.Request> found) {
        List<Replay> replays = new ArrayList<>();
        for (ReplayRequests.Request request : found) {
            switch (request) {
                case ReplayRequests.Ready ready -> replays.add(ready.replay());
                case ReplayRequests.Unreadable unreadable ->
                    requests.refused(unreadable.id(), unreadable.request(), unreadable.why());
            }
        }
        return replays;
    }

    @Override
    public JournalPolicy.@Nullable Reprocessing reprocessing() {
        return policy.reprocessing();
    }

    @Override
    public synchronized List<Replay> due(String sink, int atMost) throws Failure {
        try {
            return ready(requests.due(sink, atMost));
        } catch (JournalException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized void triedInVain(String sink, Replay replay, String reason) throws Failure {
        try {
            tellParked(sink, requests.triedInVain(replay, reason));
        } catch (JournalException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized void untried(String sink, List<Replay> replays) throws Failure {
        try {
            requests.untried(replays);
        } catch (JournalException e) {
            throw failure(e);
        }
    }

    private static void tellParked(String sink, boolean parked) {
        if (parked) {
            LOG.warn(
                    "sink {}: a dead letter was tried often enough (journal.dlq.reprocessing.max_retries) and is parked: see"
                            + " deltaforge dlq list",
                    sink);
        }
    }

    @Override
    public synchronized void delivered(String sink, Replay replay) throws Failure {
        try {
            requests.delivered(replay);
            monitor.replayed(sink, true);
        } catch (JournalException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized void refused(String sink, Replay replay, Failure.RejectedEvent why) throws Failure {
        try {
            tellParked(sink, requests.refused(replay.id(), replay.request(), why));
            monitor.replayed(sink, false);
        } catch (JournalException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized void postponed(String sink, Replay replay) {
        requests.postponed(replay);
    }

    private static Failure failure(JournalException e) {
        String message = String.valueOf(e.getMessage());
        return e.isBusy()
                ? new Failure.Retryable(message, e)
                : new Failure.Fatal(message + " (is the disk full or damaged?)", e);
    }
}
