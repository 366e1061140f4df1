package io.deltaforge.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.SqliteCheckpoints;
import io.deltaforge.engine.spool.EventBytes;
import io.deltaforge.event.Event;
import io.deltaforge.reliability.DeadLetterMonitor;
import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.reliability.Journal;
import io.deltaforge.reliability.JournalDeadLetters;
import io.deltaforge.reliability.JournalDesk;
import io.deltaforge.reliability.StoredLetter;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.JournalPolicy;
import io.deltaforge.spi.JournalPolicy.Overflow;
import io.deltaforge.spi.Rendered;
import io.deltaforge.spi.Sink;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pipelines with events that their sink refuses, a dead letter queue, and somebody who works on it. */
class DeadLetterPipelineTest {

    @TempDir
    Path directory;

    private SqliteCheckpoints checkpoints;
    private Journal journal;
    private JournalDesk desk;
    private final List<Pipeline> started = new ArrayList<>();
    /** Events that the sink refuses, as {@code transaction:ordinal}. */
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** What the sink was told to have failed at. */
    private final List<String> failures = new CopyOnWriteArrayList<>();

    private final AtomicInteger lost = new AtomicInteger();
    private final PipelineMonitor monitor = new PipelineMonitor() {
        @Override
        public void sinkFailed(String sink, String kind) {
            failures.add(kind);
        }

        @Override
        public void eventsNotAcknowledged(String sink, int events) {
            lost.addAndGet(events);
        }
    };

    @BeforeEach
    void open() {
        checkpoints = new SqliteCheckpoints(directory.resolve("checkpoints.db"), InstantSource.system());
        journal = new Journal(directory.resolve("journal.db"));
        desk = new JournalDesk(journal);
    }

    @AfterEach
    void close() {
        for (Pipeline pipeline : started) {
            pipeline.stop(Duration.ZERO);
            pipeline.ended().join();
        }
        checkpoints.close();
        journal.close();
    }

    private Pipeline start(ScriptedSource source, DeadLetters letters, Sink sink) {
        Pipeline pipeline = new Pipeline(
                PipelineSpec.of(
                                "p",
                                source,
                                List.of(sink),
                                new BatchPolicy(4, 1 << 20, 10, true, 4),
                                new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1))
                        .deadLetters(letters)
                        .build(),
                checkpoints,
                monitor,
                QuickPipelines.PATIENCE,
                QuickPipelines.NO_SPOOLS);
        started.add(pipeline);
        pipeline.start();
        return pipeline;
    }

    private JournalDeadLetters letters(int maxEntries, Overflow overflow) {
        return new JournalDeadLetters(
                journal,
                "p",
                new JournalPolicy(true, 10_000, List.of(), new JournalPolicy.Bounds(maxEntries, 0, overflow, null)),
                new EventBytes(text -> new At(Long.parseLong(text))),
                InstantSource.system(),
                DeadLetterMonitor.NONE);
    }

    private RecordingSink choosySink() {
        RecordingSink sink = new RecordingSink("a", true);
        sink.answer = batch -> {
            List<Failure.RejectedEvent> rejected = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                if (refused.contains(name(batch.event(i)))) {
                    rejected.add(new Failure.RejectedEvent(i, "refused", name(batch.event(i)) + " is refused."));
                }
            }
            return rejected.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : RecordingSink.failed(new Failure.Rejected(rejected));
        };
        return sink;
    }

    private static String name(Event event) {
        return event.transaction().id() + ":" + event.ordinal();
    }

    private List<StoredLetter> entries() {
        return desk.list(new JournalDesk.Query("p", null, null, List.of(), 1000));
    }

    private void awaitCheckpoint(int transaction) {
        await().untilAsserted(() -> assertThat(checkpoints.load(new CheckpointKey("p", "log", "a")))
                .isEqualTo(At.endOf(transaction).text()));
    }

    private static List<String> once(int transactions) {
        List<String> events = new ArrayList<>();
        for (int n = 1; n <= transactions; n++) {
            events.add(n + ":0");
            events.add(n + ":1");
        }
        return events;
    }

    @Test
    void whatIsRefusedGoesToTheQueueAndThePipelineGoesOn() throws Exception {
        refused.addAll(List.of("3:1", "7:0"));
        RecordingSink sink = choosySink();

        Pipeline pipeline = start(new ScriptedSource(20, 2, 10, false), letters(10, Overflow.BLOCK), sink);

        assertThat(pipeline.ended().get(30, TimeUnit.SECONDS)).isInstanceOf(PipelineState.Stopped.class);
        assertThat(entries())
                .extracting(entry -> entry.letter().origin().position())
                .containsExactly("30", "70");
        assertThat(sink.received).as("nothing is sent twice").containsExactlyElementsOf(once(20));
        assertThat(pipeline.status().sinks().getFirst().eventsDelivered()).isEqualTo(38);
        awaitCheckpoint(20);
    }

    @Test
    void whatIsRefusedIsNotToldAsLostWhenALaterBatchFails() throws Exception {
        refused.add("3:1");
        RecordingSink sink = choosySink();
        Function<Batch, CompletableFuture<Void>> choosy = sink.answer;
        AtomicInteger failed = new AtomicInteger();
        sink.answer = batch -> {
            if (!name(batch.event(batch.size() - 1)).startsWith("20:") || !failed.compareAndSet(0, batch.size())) {
                return choosy.apply(batch);
            }
            return RecordingSink.failed(new Failure.Retryable("the broker is away", null));
        };

        Pipeline pipeline = start(new ScriptedSource(20, 2, 10, false), letters(10, Overflow.BLOCK), sink);

        assertThat(pipeline.ended().get(30, TimeUnit.SECONDS)).isInstanceOf(PipelineState.Stopped.class);
        assertThat(failures).containsExactly("rejected", "retryable");
        assertThat(lost).hasValue(failed.get());
    }

    @Test
    void aFullQueueIsNoFailureOfTheSink() {
        refused.addAll(List.of("3:1", "7:0"));

        Pipeline pipeline = start(new ScriptedSource(20, 2, 10, true), letters(1, Overflow.BLOCK), choosySink());

        await().until(() -> pipeline.status().sinks().getFirst().trouble() != null);
        desk.remove(new JournalDesk.Query("p", null, null, List.of(1L), 1));
        awaitCheckpoint(20);
        assertThat(failures).containsExactly("rejected", "rejected");
        assertThat(lost).hasValue(0);
    }

    @Test
    void withoutAQueueThePipelineStopsBeforeItAndSaysHowToGetOne() throws Exception {
        refused.add("7:0");

        Pipeline pipeline = start(new ScriptedSource(20, 2, 10, false), DeadLetters.NONE, choosySink());

        assertThat(pipeline.ended().get(30, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        PipelineState.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("7:0 is refused.")
                                .contains("Nothing was skipped")
                                .contains("journal.enabled"));
        String checkpoint = checkpoints.load(new CheckpointKey("p", "log", "a"));
        assertThat(checkpoint == null ? 0 : Long.parseLong(checkpoint)).isLessThan(70);
    }

    @Test
    void aFullQueueThatRejectsStopsThePipelineBeforeIt() throws Exception {
        refused.addAll(List.of("3:1", "13:0"));

        Pipeline pipeline = start(new ScriptedSource(20, 2, 10, false), letters(1, Overflow.REJECT), choosySink());

        assertThat(pipeline.ended().get(30, TimeUnit.SECONDS)).isInstanceOf(PipelineState.Failed.class);
        assertThat(entries()).extracting(StoredLetter::id).containsExactly(1L);
        assertThat(Long.parseLong(String.valueOf(checkpoints.load(new CheckpointKey("p", "log", "a")))))
                .isLessThan(130);
    }

    @Test
    void aFullQueueThatBlocksWaitsForRoomAndSendsNothingTwice() {
        refused.addAll(List.of("3:1", "13:0"));
        RecordingSink sink = choosySink();
        Pipeline pipeline = start(new ScriptedSource(20, 2, 10, true), letters(1, Overflow.BLOCK), sink);
        await().untilAsserted(() -> assertThat(pipeline.status().state())
                .isInstanceOfSatisfying(
                        PipelineState.Retrying.class,
                        retrying -> assertThat(retrying.reason()).contains("max_entries")));

        desk.remove(new JournalDesk.Query("p", null, null, List.of(1L), 1));

        awaitCheckpoint(20);
        assertThat(entries())
                .extracting(entry -> entry.letter().origin().position())
                .containsExactly("130");
        assertThat(sink.received).containsExactlyElementsOf(once(20));
        assertThat(pipeline.status().state()).isInstanceOf(PipelineState.Running.class);
    }

    @Test
    void aReplayMakesRoomToo() {
        refused.addAll(List.of("3:1", "13:0"));
        RecordingSink sink = choosySink();
        Pipeline pipeline = start(new ScriptedSource(20, 2, 10, true), letters(1, Overflow.BLOCK), sink);
        await().until(() -> pipeline.status().state() instanceof PipelineState.Retrying);

        refused.remove("3:1");
        desk.wantAsTheyWere(List.of(1L));

        awaitCheckpoint(20);
        assertThat(sink.received).as("the replay").filteredOn("3:1"::equals).hasSize(2);
        assertThat(sink.received).hasSize(41);
    }

    @Test
    void aReplayGoesThroughTheSinkAndIsRemovedOnceItIsAcknowledged() {
        refused.add("3:1");
        RecordingSink sink = choosySink();
        ScriptedSource source = new ScriptedSource(20, 2, 10, true);
        source.happenedUpTo = 10;
        start(source, letters(10, Overflow.BLOCK), sink);
        awaitCheckpoint(10);
        refused.clear();
        CompletableFuture<Void> held = new CompletableFuture<>();
        sink.answer = batch -> held;

        desk.wantAsTheyWere(List.of(1L));

        await().until(() -> sink.received.getLast().equals("3:1"));
        assertThat(entries()).as("until it is acknowledged").hasSize(1);
        held.complete(null);
        await().until(() -> entries().isEmpty());
        assertThat(desk.outcome(1)).isEqualTo(new JournalDesk.Outcome.Delivered());
        source.happenedUpTo = 20;
        awaitCheckpoint(20);
    }

    @Test
    void aReplayThatIsRefusedAgainStaysAndNothingElseNotices() {
        refused.add("3:1");
        RecordingSink sink = choosySink();
        ScriptedSource source = new ScriptedSource(20, 2, 10, true);
        source.happenedUpTo = 10;
        start(source, letters(10, Overflow.BLOCK), sink);
        awaitCheckpoint(10);

        desk.wantAsTheyWere(List.of(1L));

        await().untilAsserted(() ->
                assertThat(desk.outcome(1)).isEqualTo(new JournalDesk.Outcome.Refused("3:1 is refused.")));
        assertThat(entries().getFirst().letter().attempts().count()).isEqualTo(2);
        source.happenedUpTo = 20;
        awaitCheckpoint(20);
        assertThat(sink.resets).isZero();
    }

    @Test
    void aReplayThatFailsForAWhileDoesNotHoldUpWhatIsNew() {
        refused.add("3:1");
        RecordingSink sink = choosySink();
        ScriptedSource source = new ScriptedSource(20, 2, 10, true);
        source.happenedUpTo = 10;
        start(source, letters(10, Overflow.BLOCK), sink);
        awaitCheckpoint(10);
        sink.answer = batch -> name(batch.event(0)).equals("3:1")
                ? RecordingSink.failed(new Failure.Retryable("the topic is not there", null))
                : CompletableFuture.completedFuture(null);

        desk.wantAsTheyWere(List.of(1L));

        await().until(() -> sink.resets > 0);
        source.happenedUpTo = 20;
        awaitCheckpoint(20);
        assertThat(desk.outcome(1)).isEqualTo(new JournalDesk.Outcome.Waiting());
    }

    @Test
    void replaysGoOnUnderLoad() {
        refused.addAll(List.of("1:0", "2:0", "3:0"));
        RecordingSink sink = choosySink();
        ScriptedSource source = new ScriptedSource(1_000_000, 2, 10, true);
        start(source, letters(10, Overflow.BLOCK), sink);
        await().until(() -> entries().size() == 3);
        refused.clear();

        desk.wantAsTheyWere(List.of(1L, 2L, 3L));

        await().until(() -> entries().isEmpty());
        assertThat(source.eventsRead.get()).as("the load lasted").isLessThan(2_000_000);
    }

    @Test
    void aTransactionalSinkGetsReplaysInTransactionsOfTheirOwnThatMoveNoCheckpoint() {
        Ledger ledger = new Ledger();
        ledger.refused.addAll(List.of("3:1", "4:0"));
        ScriptedSource source = new ScriptedSource(20, 2, 10, true);
        source.happenedUpTo = 10;
        start(source, letters(10, Overflow.BLOCK), ledger.sink("a", true));
        awaitCheckpoint(10);
        ledger.refused.remove("3:1");

        desk.wantAsTheyWere(List.of(1L, 2L));

        await().untilAsserted(() ->
                assertThat(desk.outcome(2)).isEqualTo(new JournalDesk.Outcome.Refused("4:0 is refused.")));
        assertThat(desk.outcome(1)).isEqualTo(new JournalDesk.Outcome.Delivered());
        assertThat(ledger.transactions().getLast()).containsExactly("3:1");
        assertThat(ledger.checkpoint()).isEqualTo(At.endOf(10).text());
        desk.want(2, "{}".getBytes(UTF_8), "mended");
        await().until(() -> entries().isEmpty());
        assertThat(ledger.transactions().getLast()).containsExactly("mended");
        source.happenedUpTo = 20;
        awaitCheckpoint(20);
        assertThat(ledger.committed()).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void aReplayThatWasRefusedIsTriedAfreshWhenSomebodyAsksAgain() {
        Ledger ledger = new Ledger();
        ledger.refused.add("3:1");
        start(new ScriptedSource(10, 2, 10, true), letters(10, Overflow.BLOCK), ledger.sink("a", true));
        awaitCheckpoint(10);
        desk.wantAsTheyWere(List.of(1L));
        await().until(() -> entries().getFirst().letter().attempts().count() == 2);

        ledger.refused.clear();
        desk.wantAsTheyWere(List.of(1L));

        await().until(() -> entries().isEmpty());
        assertThat(ledger.committed()).contains("3:1");
    }

    /** With so many that a transaction of the source comes in several batches, what was taken of it cannot be kept for a retry. */
    @ParameterizedTest
    @ValueSource(ints = {2, 10})
    void aTransactionalSinkCanMakeRoomByReplaysToo(int eventsPerTransaction) {
        Ledger ledger = new Ledger();
        String last = "13:" + (eventsPerTransaction - 1);
        ledger.refused.addAll(List.of("3:1", last));
        ScriptedSource source = new ScriptedSource(20, eventsPerTransaction, 10, true);
        source.happenedUpTo = 10;
        Pipeline pipeline = start(source, letters(1, Overflow.BLOCK), ledger.sink("a", true));
        awaitCheckpoint(10);
        source.happenedUpTo = 20;
        await().until(() -> pipeline.status().state() instanceof PipelineState.Retrying);
        ledger.refused.remove("3:1");

        desk.wantAsTheyWere(List.of(1L));

        awaitCheckpoint(20);
        assertThat(ledger.committed())
                .contains("3:1")
                .doesNotContain(last)
                .hasSize(20 * eventsPerTransaction - 1)
                .doesNotHaveDuplicates();
        assertThat(entries()).hasSize(1);
    }

    @Test
    void anEditedRecordGoesAsItIs() {
        refused.add("3:1");
        List<Rendered> records = new ArrayList<>();
        RecordingSink choosy = choosySink();
        Sink sink = new Recording(choosy, records);
        start(new ScriptedSource(10, 2, 10, true), letters(10, Overflow.BLOCK), sink);
        awaitCheckpoint(10);

        desk.want(1, "mended".getBytes(UTF_8), "topic");

        await().until(() -> entries().isEmpty());
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.value()).asString(UTF_8).isEqualTo("mended");
            assertThat(record.destination()).isEqualTo("topic");
        });
    }

    /** Takes records made by hand as well. */
    private record Recording(RecordingSink events, List<Rendered> records) implements Sink {
        @Override
        public String id() {
            return events.id();
        }

        @Override
        public boolean required() {
            return events.required();
        }

        @Override
        public void open(io.deltaforge.spi.SinkContext context) throws Failure {
            events.open(context);
        }

        @Override
        public CompletableFuture<Void> write(Batch batch) {
            return events.write(batch);
        }

        @Override
        public CompletableFuture<Void> write(HandMade letter) {
            records.add(letter.record());
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void reset() throws Failure {
            events.reset();
        }

        @Override
        public void close() {
            events.close();
        }
    }
}
