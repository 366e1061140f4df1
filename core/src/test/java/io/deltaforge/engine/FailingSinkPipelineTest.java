package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.SqliteCheckpoints;
import io.deltaforge.engine.spool.EventBytes;
import io.deltaforge.reliability.DeadLetterMonitor;
import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.reliability.FailureBreaker;
import io.deltaforge.reliability.Journal;
import io.deltaforge.reliability.JournalDeadLetters;
import io.deltaforge.reliability.JournalDesk;
import io.deltaforge.reliability.StoredLetter;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.JournalPolicy;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sinks that fail for a while: the circuit breaker, and batches that go to the dead letter queue instead of waiting. */
class FailingSinkPipelineTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final int TRANSACTIONS = 20;

    @TempDir
    Path directory;

    private SqliteCheckpoints checkpoints;
    private Journal journal;
    private Pipeline pipeline;
    /** With 1, a transaction of the source comes in two batches: its event, and its end. */
    private int batchEvents = 1;

    private long queueBytes = 1 << 20;

    private final AtomicInteger opens = new AtomicInteger();
    private final RecordingSink sink = new RecordingSink("a", true);

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

    /** One event a transaction. */
    private void start(boolean staysOpen, int inFlight, DeadLetters letters, SinkPolicy policy, Sink... to) {
        PipelineMonitor monitor = new PipelineMonitor() {
            @Override
            public void breakerOpened(String id) {
                opens.incrementAndGet();
            }
        };
        pipeline = new Pipeline(
                PipelineSpec.of(
                                "p",
                                new ScriptedSource(TRANSACTIONS, 1, 100, staysOpen),
                                List.of(to),
                                new BatchPolicy(batchEvents, 1 << 20, 10, true, inFlight),
                                new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1))
                        .queueMaxBytes(queueBytes)
                        .deadLetters(letters)
                        .policies(Map.of("a", policy))
                        .build(),
                checkpoints,
                monitor,
                QuickPipelines.PATIENCE,
                QuickPipelines.NO_SPOOLS);
        pipeline.start();
    }

    private static SinkPolicy breaker(int failures, int successes, Duration timeout, boolean sendOnError) {
        return new SinkPolicy(
                null,
                null,
                null,
                new SinkPolicy.CircuitBreaker(true, failures, successes, timeout),
                new SinkPolicy.Letters(sendOnError, false));
    }

    private static SinkPolicy retries(int most, boolean sendOnError, boolean sendOnTimeout) {
        return new SinkPolicy(null, most, null, null, new SinkPolicy.Letters(sendOnError, sendOnTimeout));
    }

    private JournalDeadLetters letters(int maxEntries, int maxEventBytes) {
        return new JournalDeadLetters(
                journal,
                "p",
                new JournalPolicy(
                        true,
                        maxEventBytes,
                        List.of(),
                        new JournalPolicy.Bounds(maxEntries, 0, JournalPolicy.Overflow.BLOCK, null)),
                new EventBytes(text -> new At(Long.parseLong(text))),
                InstantSource.system(),
                DeadLetterMonitor.NONE);
    }

    private JournalDeadLetters letters() {
        return letters(1000, 10_000);
    }

    private static CompletableFuture<Void> away() {
        return RecordingSink.failed(new Failure.Retryable("the broker is away", null));
    }

    private static CompletableFuture<Void> works() {
        return CompletableFuture.completedFuture(null);
    }

    private static String name(Batch batch) {
        return batch.event(0).transaction().id() + ":0";
    }

    private static List<String> events(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(n -> n + ":0").toList();
    }

    private List<StoredLetter> entries() {
        return new JournalDesk(journal).list(new JournalDesk.Query("p", null, null, List.of(), 10_000));
    }

    private List<String> buried() {
        return entries().stream()
                .map(entry -> Long.parseLong(entry.letter().origin().position()) / 10 + ":0")
                .toList();
    }

    private FailureBreaker.State state() {
        return pipeline.status().sinks().getFirst().breaker();
    }

    private void awaitEnd() throws Exception {
        assertThat(pipeline.ended().get(60, TimeUnit.SECONDS)).isInstanceOf(PipelineState.Stopped.class);
    }

    private void awaitCheckpoint(int transaction) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(checkpoints.load(new CheckpointKey("p", "log", "a")))
                        .isEqualTo(At.endOf(transaction).text()));
    }

    @Test
    void anOpenBreakerSendsNothing() {
        sink.answer = batch -> away();

        start(true, 1, DeadLetters.NONE, breaker(3, 2, NEVER, false), sink);

        await().atMost(SOON).until(() -> state() == FailureBreaker.State.OPEN);
        await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> sink.received.size() == 3);
        assertThat(sink.received).containsExactly("1:0", "1:0", "1:0");
        assertThat(opens).hasValue(1);
        assertThat(pipeline.status().state()).isInstanceOf(PipelineState.Retrying.class);
    }

    @Test
    void stoppingDoesNotWaitForAnOpenBreaker() {
        sink.answer = batch -> away();
        start(true, 4, DeadLetters.NONE, breaker(3, 2, NEVER, false), sink);
        await().atMost(SOON).until(() -> state() == FailureBreaker.State.OPEN);

        pipeline.stop(NEVER);

        assertThat(pipeline.ended()).succeedsWithin(SOON);
        assertThat(checkpoints.load(new CheckpointKey("p", "log", "a"))).isNull();
    }

    @Test
    void aSinkThatCannotBeOpenedIsLeftAloneToo() {
        sink.unreachable = true;
        start(true, 4, DeadLetters.NONE, breaker(3, 1, Duration.ofMillis(50), false), sink);
        await().atMost(SOON).until(() -> opens.get() >= 2);

        sink.unreachable = false;

        awaitCheckpoint(TRANSACTIONS);
        assertThat(sink.received).isEqualTo(events(1, TRANSACTIONS));
        assertThat(state()).isEqualTo(FailureBreaker.State.CLOSED);
    }

    @Test
    void halfOpenOneBatchAtATimeIsSentUntilEnoughArrived() {
        RecordingSink holding = new RecordingSink("a", true).holding();
        var held = holding.answer;
        holding.answer = batch -> opens.get() == 0 ? away() : held.apply(batch);

        start(true, 4, DeadLetters.NONE, breaker(3, 2, Duration.ofMillis(100), false), holding);

        await().atMost(SOON).until(() -> holding.openCount() == 1);
        assertThat(state()).isEqualTo(FailureBreaker.State.HALF_OPEN);
        await().during(Duration.ofMillis(200)).atMost(SOON).until(() -> holding.openCount() == 1);
        holding.open(0).complete(null);
        await().atMost(SOON).until(() -> holding.openCount() == 2);
        await().during(Duration.ofMillis(200)).atMost(SOON).until(() -> holding.openCount() == 2);
        assertThat(state()).isEqualTo(FailureBreaker.State.HALF_OPEN);
        holding.open(1).complete(null);
        await().atMost(SOON).until(() -> state() == FailureBreaker.State.CLOSED);
        await().atMost(SOON).until(() -> holding.openCount() >= 4);
        holding.release();
        awaitCheckpoint(TRANSACTIONS);
        assertThat(holding.received.stream().distinct()).containsExactlyElementsOf(events(1, TRANSACTIONS));
    }

    @Test
    void aFailureWhileHalfOpenOpensItAgain() {
        AtomicInteger failures = new AtomicInteger(5);
        sink.answer = batch -> failures.getAndDecrement() > 0 ? away() : works();

        start(true, 1, DeadLetters.NONE, breaker(3, 2, Duration.ofMillis(20), false), sink);

        awaitCheckpoint(TRANSACTIONS);
        // three failures opened it, and each of the two probes that failed did again
        assertThat(opens).hasValue(3);
        assertThat(state()).isEqualTo(FailureBreaker.State.CLOSED);
    }

    @Test
    void failuresThatAreNotInARowDoNotOpenIt() {
        AtomicInteger writes = new AtomicInteger();
        sink.answer = batch -> writes.incrementAndGet() % 3 == 0 ? works() : away();

        start(true, 1, DeadLetters.NONE, breaker(3, 2, NEVER, false), sink);

        awaitCheckpoint(TRANSACTIONS);
        assertThat(opens).hasValue(0);
    }

    @Test
    void theDeadLetterQueueTakesOverWhileItIsOpenAndTheCheckpointFollows() throws Exception {
        sink.answer = batch -> Integer.parseInt(name(batch).split(":")[0]) > 5 ? away() : works();

        start(false, 1, letters(), breaker(3, 2, NEVER, true), sink);

        awaitCheckpoint(TRANSACTIONS);
        awaitEnd();
        assertThat(buried()).isEqualTo(events(6, TRANSACTIONS));
        assertThat(entries())
                .allMatch(StoredLetter::hasEvent)
                .allMatch(entry -> entry.letter().cause().kind().equals("error"));
        assertThat(entries().getLast().letter().cause().reason())
                .isEqualTo("not sent, the circuit breaker was open: the broker is away");
    }

    @Test
    void aBatchThatFailsTooOftenGoesToTheQueueAndTheOthersArriveInOrder() throws Exception {
        sink.answer = batch -> name(batch).equals("7:0") ? away() : works();

        start(false, 4, letters(), retries(2, true, false), sink);

        awaitEnd();
        awaitCheckpoint(TRANSACTIONS);
        assertThat(buried()).containsExactly("7:0");
        assertThat(entries().getFirst().letter().cause().reason())
                .isEqualTo("not delivered in 3 attempts: the broker is away");
        assertThat(sink.received).filteredOn("7:0"::equals).hasSize(3);
        assertThat(sink.received.stream().distinct()).containsExactlyInAnyOrderElementsOf(events(1, TRANSACTIONS));
    }

    @Test
    void aSinkThatWaitsForWhatABatchLacksGoesOnOnceTheQueueHasIt() throws Exception {
        sink.answer = batch -> name(batch).equals("7:0") ? away() : works();
        sink.waits = true;

        start(false, 1, letters(), retries(2, true, false), sink);

        awaitEnd();
        assertThat(buried()).containsExactly("7:0");
        assertThat(sink.received.stream().distinct()).containsExactlyElementsOf(events(1, TRANSACTIONS));
    }

    @Test
    void withoutAPolicyForItABatchIsTriedForEver() {
        AtomicInteger failures = new AtomicInteger(50);
        sink.answer = batch -> failures.getAndDecrement() > 0 ? away() : works();

        start(true, 1, letters(), retries(2, false, true), sink);

        awaitCheckpoint(TRANSACTIONS);
        assertThat(entries()).as("it was no timeout").isEmpty();
    }

    @Test
    void timeoutsHaveAPolicyOfTheirOwn() throws Exception {
        sink.answer = batch -> name(batch).equals("7:0")
                ? RecordingSink.failed(Failure.Retryable.timedOut("no answer", null))
                : works();

        start(false, 4, letters(), retries(0, false, true), sink);

        awaitEnd();
        assertThat(buried()).containsExactly("7:0");
        assertThat(entries().getFirst().letter().cause().kind()).isEqualTo("timeout");
    }

    @Test
    void whatTheSinkHeldAtTheStartIsNotBuriedWithTheRestOfItsBatch() throws Exception {
        batchEvents = 100;
        checkpoints.save(Map.of(
                new CheckpointKey("p", "log", "a"), At.endOf(5).text(),
                new CheckpointKey("p", "log", "behind"), At.endOf(1).text()));
        sink.answer = batch -> away();

        start(false, 1, letters(), retries(2, true, false), sink, new RecordingSink("behind", true));

        awaitEnd();
        assertThat(buried()).containsExactlyElementsOf(events(6, TRANSACTIONS));
    }

    @Test
    void whatWouldNotBeKeptWholeIsTriedUntilItArrives() throws Exception {
        AtomicInteger failures = new AtomicInteger(20);
        sink.answer = batch -> failures.getAndDecrement() > 0 ? away() : works();

        start(false, 1, letters(1000, 50), retries(1, true, true), sink);

        awaitEnd();
        assertThat(entries()).isEmpty();
        assertThat(sink.received.stream().distinct()).containsExactlyElementsOf(events(1, TRANSACTIONS));
        awaitCheckpoint(TRANSACTIONS);
    }

    @Test
    void whatFindsNoPlaceInTheQueueIsSentAfterAll() {
        sink.answer = batch -> away();
        start(true, 1, letters(5, 10_000), breaker(2, 1, Duration.ofMillis(50), true), sink);
        await().atMost(SOON).until(() -> entries().size() == 5);

        sink.answer = batch -> works();

        awaitCheckpoint(TRANSACTIONS);
        assertThat(buried()).isEqualTo(events(1, 5));
        assertThat(sink.received).endsWith(events(6, TRANSACTIONS).toArray(String[]::new));
    }

    @Test
    void aTransactionInDoubtIsNotBuriedBeforeItIsKnownWhetherItTookPlace() throws Exception {
        batchEvents = 2;
        queueBytes = 2000; // so that there are many commits
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed * 1_000_003L);
            Ledger ledger = new Ledger();
            AtomicInteger troubles = new AtomicInteger(25);
            ledger.trouble = step -> {
                if (random.nextInt(3) > 0 || troubles.decrementAndGet() < 0) {
                    return Ledger.Outcome.WORKS;
                }
                return step == Ledger.Step.COMMIT && random.nextBoolean()
                        ? Ledger.Outcome.ANSWER_LOST
                        : Ledger.Outcome.FAILS;
            };
            List<String> kept = new ArrayList<>();
            SinkPolicy policy = new SinkPolicy(
                    null,
                    random.nextInt(2),
                    null,
                    new SinkPolicy.CircuitBreaker(seed % 4 == 0, 3, 1, Duration.ofMillis(2)),
                    new SinkPolicy.Letters(true, true));
            try (SqliteCheckpoints store =
                    new SqliteCheckpoints(directory.resolve(seed + ".db"), InstantSource.system())) {
                SqliteCheckpoints usual = checkpoints;
                checkpoints = store;
                start(true, 4, keeping(kept), policy, ledger.sink("a", true));
                CheckpointKey key = new CheckpointKey("p", "log", "a");
                await().atMost(SOON).until(() -> At.endOf(TRANSACTIONS).text().equals(store.load(key)));
                pipeline.stop(SOON);
                awaitEnd();
                checkpoints = usual;
            }
            List<String> everywhere = new ArrayList<>(ledger.committed());
            everywhere.addAll(kept);
            assertThat(everywhere).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(events(1, TRANSACTIONS));
            assertThat(ledger.committed())
                    .as("in order")
                    .isSortedAccordingTo((a, b) ->
                            Integer.compare(Integer.parseInt(a.split(":")[0]), Integer.parseInt(b.split(":")[0])));
        }
    }

    /** A queue that keeps everything whole, in the order in which it came. */
    private static DeadLetters keeping(List<String> kept) {
        return new DeadLetters() {
            @Override
            public void add(String id, Batch batch, Failure.Rejected rejected) {
                rejected.events()
                        .forEach(event -> kept.add(
                                batch.event(event.index()).transaction().id() + ":0"));
            }

            @Override
            public boolean keepsWhole(Batch batch) {
                return true;
            }
        };
    }
}
