package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.SqliteCheckpoints;
import io.deltaforge.engine.spool.EventBytes;
import io.deltaforge.reliability.DeadLetterMonitor;
import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.reliability.Journal;
import io.deltaforge.reliability.JournalDeadLetters;
import io.deltaforge.reliability.JournalDesk;
import io.deltaforge.reliability.StoredLetter;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.JournalPolicy;
import io.deltaforge.spi.Pressure;
import io.deltaforge.spi.SinkPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues that fill up behind a sink that does not take its batches. */
class BackpressurePipelineTest {
    private static final int QUEUE_SIZE = 100;
    private static final int TRANSACTIONS = 2000;

    @TempDir
    Path directory;

    private SqliteCheckpoints checkpoints;
    private Journal journal;
    private Pipeline pipeline;
    private final AtomicInteger dropped = new AtomicInteger();
    private final RecordingSink sink = new RecordingSink("a", true).holding();

    @BeforeEach
    void open() {
        checkpoints = new SqliteCheckpoints(directory.resolve("checkpoints.db"), InstantSource.system());
        journal = new Journal(directory.resolve("journal.db"));
    }

    @AfterEach
    void close() {
        if (pipeline != null) {
            pipeline.stop(Duration.ZERO);
            pipeline.ended().join();
        }
        checkpoints.close();
        journal.close();
    }

    private void start(ScriptedSource source, DeadLetters letters, SinkPolicy.OnEmergency onEmergency) {
        SinkPolicy policy = new SinkPolicy(
                QUEUE_SIZE, null, new SinkPolicy.Backpressure(true, 0.75, 0.90, 0.95, true, onEmergency), null, null);
        PipelineMonitor monitor = new PipelineMonitor() {
            @Override
            public void eventsDropped(String id, int events) {
                dropped.addAndGet(events);
            }
        };
        pipeline = new Pipeline(
                PipelineSpec.of(
                                "p",
                                source,
                                List.of(sink),
                                new BatchPolicy(1000, 1 << 20, 10, true, 4),
                                new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1))
                        .deadLetters(letters)
                        .policies(Map.of("a", policy))
                        .build(),
                checkpoints,
                monitor);
        pipeline.start();
    }

    private JournalDeadLetters letters(int maxEntries) {
        return new JournalDeadLetters(
                journal,
                "p",
                new JournalPolicy(
                        true,
                        10_000,
                        List.of(),
                        new JournalPolicy.Bounds(maxEntries, 0, JournalPolicy.Overflow.BLOCK, null)),
                new EventBytes(text -> new At(Long.parseLong(text))),
                InstantSource.system(),
                DeadLetterMonitor.NONE);
    }

    private static ScriptedSource unstoppable() {
        return new ScriptedSource(TRANSACTIONS, 1, 10, false).thatCannotPause();
    }

    private static List<String> all() {
        List<String> events = new ArrayList<>();
        for (int n = 1; n <= TRANSACTIONS; n++) {
            events.add(n + ":0");
        }
        return events;
    }

    private PipelineStatus.QueueStatus queue() {
        return pipeline.status().sinks().getFirst().queue();
    }

    private String checkpoint() {
        return checkpoints.load(new CheckpointKey("p", "log", "a"));
    }

    private List<StoredLetter> entries() {
        return new JournalDesk(journal).list(new JournalDesk.Query("p", null, null, List.of(), 100_000));
    }

    /** Events in the dead letter queue, as the sink would have got them. */
    private List<String> buried() {
        return entries().stream()
                .map(entry -> Long.parseLong(entry.letter().origin().position()) / 10 + ":0")
                .toList();
    }

    private void awaitEnd() throws Exception {
        assertThat(pipeline.ended().get(60, TimeUnit.SECONDS)).isInstanceOf(PipelineState.Stopped.class);
    }

    @Test
    void aSourceThatCanPauseWaitsFromTheCriticalThresholdOnAndNothingIsLost() throws Exception {
        ScriptedSource source = new ScriptedSource(TRANSACTIONS, 1, 10, false);

        start(source, DeadLetters.NONE, null);

        await().atMost(Duration.ofSeconds(60)).until(() -> queue().pressure().compareTo(Pressure.CRITICAL) >= 0);
        await().during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(60))
                .until(() -> queue().events() <= QUEUE_SIZE);
        // the queue, and a batch that is being made
        assertThat(source.eventsRead.get()).isBetween(90, QUEUE_SIZE + QUEUE_SIZE / 10);
        sink.release();
        awaitEnd();
        assertThat(sink.received).isEqualTo(all());
        assertThat(checkpoint()).isEqualTo(At.endOf(TRANSACTIONS).text());
        assertThat(queue()).isEqualTo(PipelineStatus.QueueStatus.EMPTY);
    }

    @Test
    void timeoutsAreStretchedFromTheNextAttemptOnWhileTheQueueIsCritical() throws Exception {
        sink.holding();
        ScriptedSource source = new ScriptedSource(TRANSACTIONS, 1, 10, false);
        source.happenedUpTo = 1; // the queue is not critical before the sink is opened
        start(source, DeadLetters.NONE, null);
        await().until(() -> !sink.received.isEmpty());
        source.happenedUpTo = TRANSACTIONS;
        await().until(() -> queue().pressure() == Pressure.CRITICAL);
        assertThat(sink.stretched).isFalse();

        sink.open(0).completeExceptionally(new Failure.Retryable("the broker is slow", null));
        await().until(() -> sink.resets > 0 && sink.stretched);

        sink.release();
        awaitEnd();
        assertThat(sink.received).containsAll(all());
    }

    @Test
    void whatCannotPauseGoesToTheDeadLetterQueueAndIsDurableBeforeTheCheckpointPassesIt() throws Exception {
        ScriptedSource source = unstoppable();

        start(source, letters(100_000), SinkPolicy.OnEmergency.DLQ);

        await().atMost(Duration.ofSeconds(60)).until(() -> source.eventsRead.get() == TRANSACTIONS);
        assertThat(queue().events()).isBetween(90L, (long) QUEUE_SIZE);
        assertThat(checkpoint()).as("the first batches are not acknowledged").isNull();
        sink.release();
        awaitEnd();
        assertThat(sink.received).as("in order").isEqualTo(all().subList(0, sink.received.size()));
        assertThat(entries()).allMatch(entry -> entry.letter().cause().kind().equals("overflow") && entry.hasEvent());
        List<String> everywhere = new ArrayList<>(sink.received);
        everywhere.addAll(buried());
        assertThat(everywhere).containsExactlyInAnyOrderElementsOf(all());
        assertThat(checkpoint()).isEqualTo(At.endOf(TRANSACTIONS).text());
        assertThat(dropped).hasValue(0);
    }

    @Test
    void whatIsDroppedIsCounted() throws Exception {
        ScriptedSource source = unstoppable();

        start(source, DeadLetters.NONE, SinkPolicy.OnEmergency.DROP);

        await().atMost(Duration.ofSeconds(60)).until(() -> source.eventsRead.get() == TRANSACTIONS);
        assertThat(queue().events()).isBetween(90L, (long) QUEUE_SIZE);
        sink.release();
        awaitEnd();
        assertThat(dropped.get()).isPositive().isEqualTo(TRANSACTIONS - sink.received.size());
        assertThat(sink.received).doesNotHaveDuplicates();
        assertThat(checkpoint()).isEqualTo(At.endOf(TRANSACTIONS).text());
    }

    @Test
    void whatIsToWaitHoldsTheSourceUpAndMemoryStaysBounded() throws Exception {
        ScriptedSource source = unstoppable();

        start(source, DeadLetters.NONE, SinkPolicy.OnEmergency.WAIT);

        await().atMost(Duration.ofSeconds(60)).until(() -> queue().pressure().compareTo(Pressure.CRITICAL) >= 0);
        await().during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(60))
                .until(() -> source.eventsRead.get() <= QUEUE_SIZE + QUEUE_SIZE / 10);
        sink.release();
        awaitEnd();
        assertThat(sink.received).isEqualTo(all());
        assertThat(dropped).hasValue(0);
    }

    @Test
    void aFullDeadLetterQueueHoldsTheSourceUpToo() throws Exception {
        ScriptedSource source = unstoppable();

        start(source, letters(500), null);

        await().atMost(Duration.ofSeconds(60)).until(() -> entries().size() > 500 - QUEUE_SIZE / 10);
        await().during(Duration.ofMillis(300))
                .atMost(Duration.ofSeconds(60))
                .until(() -> source.eventsRead.get() <= 500 + QUEUE_SIZE + QUEUE_SIZE / 10);
        sink.release();
        awaitEnd();
        List<String> everywhere = new ArrayList<>(sink.received);
        everywhere.addAll(buried());
        assertThat(everywhere).containsExactlyInAnyOrderElementsOf(all());
    }

    @Test
    void stoppingDoesNotWaitForAPlace() {
        start(unstoppable(), DeadLetters.NONE, SinkPolicy.OnEmergency.WAIT);
        await().atMost(Duration.ofSeconds(60)).until(() -> queue().pressure().compareTo(Pressure.CRITICAL) >= 0);

        pipeline.stop(Duration.ofMillis(100));

        assertThat(pipeline.ended()).succeedsWithin(Duration.ofSeconds(60));
        assertThat(checkpoint()).isNull();
    }
}
