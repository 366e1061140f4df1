package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.SqliteCheckpoints;
import io.deltaforge.engine.spool.EventBytes;
import io.deltaforge.reliability.DeadLetterMonitor;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters that are sent again without somebody asking. */
class ReprocessingPipelineTest {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration QUICKLY = Duration.ofMillis(50);
    private static final Duration NEVER = Duration.ofHours(1);

    @TempDir
    Path directory;

    private SqliteCheckpoints checkpoints;
    private Journal journal;
    private JournalDesk desk;
    private final List<Pipeline> started = new ArrayList<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final RecordingSink sink = new RecordingSink("a", true);

    @BeforeEach
    void open() {
        checkpoints = new SqliteCheckpoints(directory.resolve("checkpoints.db"), InstantSource.system());
        journal = new Journal(directory.resolve("journal.db"));
        desk = new JournalDesk(journal);
        sink.answer = this::answer;
    }

    @AfterEach
    void close() {
        started.forEach(ReprocessingPipelineTest::end);
        checkpoints.close();
        journal.close();
    }

    private static void end(Pipeline pipeline) {
        pipeline.stop(Duration.ZERO);
        pipeline.ended().join();
    }

    private CompletableFuture<Void> answer(Batch batch) {
        List<Failure.RejectedEvent> rejected = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            String name = batch.event(i).transaction().id() + ":0";
            if (failing.contains(name)) {
                return RecordingSink.failed(new Failure.Retryable("the broker is away", null));
            }
            if (refused.contains(name)) {
                rejected.add(new Failure.RejectedEvent(i, "refused", name + " is refused."));
            }
        }
        return rejected.isEmpty()
                ? CompletableFuture.completedFuture(null)
                : RecordingSink.failed(new Failure.Rejected(rejected));
    }

    private Pipeline start(ScriptedSource source, Duration interval, int batchSize, Sink to) {
        JournalDeadLetters letters = new JournalDeadLetters(
                journal,
                "p",
                new JournalPolicy(
                        true,
                        10_000,
                        List.of(),
                        new JournalPolicy.Bounds(
                                100_000,
                                0,
                                JournalPolicy.Overflow.BLOCK,
                                new JournalPolicy.Reprocessing(true, interval, 3, batchSize))),
                new EventBytes(text -> new At(Long.parseLong(text))),
                InstantSource.system(),
                DeadLetterMonitor.NONE);
        SinkPolicy policy = new SinkPolicy(
                null,
                1,
                null,
                new SinkPolicy.CircuitBreaker(true, 5, 1, Duration.ofMillis(20)),
                new SinkPolicy.Letters(true, true));
        Pipeline pipeline = new Pipeline(
                PipelineSpec.of(
                                "p",
                                source,
                                List.of(to),
                                new BatchPolicy(1, 1 << 20, 10, true, 4),
                                new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1))
                        .deadLetters(letters)
                        .policies(Map.of("a", policy))
                        .build(),
                checkpoints,
                PipelineMonitor.NONE,
                QuickPipelines.PATIENCE,
                QuickPipelines.NO_SPOOLS);
        started.add(pipeline);
        pipeline.start();
        return pipeline;
    }

    private static List<String> events(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(n -> n + ":0").toList();
    }

    private List<StoredLetter> entries() {
        return desk.list(new JournalDesk.Query("p", null, null, List.of(), 10_000));
    }

    private void awaitCheckpoint(int transaction) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(checkpoints.load(new CheckpointKey("p", "log", "a")))
                        .isEqualTo(At.endOf(transaction).text()));
    }

    /** Leaves the first of so many transactions in the queue, and what keeps them out of the sink in place. */
    private void buryFirst(int count, int transactions) {
        failing.addAll(events(1, count));
        Pipeline pipeline = start(new ScriptedSource(transactions, 1, 10, true), NEVER, 50, sink);
        awaitCheckpoint(transactions);
        end(pipeline);
        assertThat(entries()).hasSizeGreaterThanOrEqualTo(count);
        sink.received.clear();
    }

    @Test
    void whatWaitsIsSentOldestFirstSoManyARoundUntilNothingIsLeft() {
        buryFirst(20, 20);
        failing.clear();

        start(new ScriptedSource(20, 1, 10, true), QUICKLY, 3, sink);

        await().atMost(SOON).until(() -> entries().isEmpty());
        assertThat(sink.received).isEqualTo(events(1, 20));
    }

    @Test
    void whatIsRefusedAgainAndAgainIsParkedAndOnlyAHumanSendsIt() {
        refused.add("3:0");
        start(new ScriptedSource(20, 1, 10, true), QUICKLY, 50, sink);

        await().atMost(SOON)
                .until(() -> entries().size() == 1 && entries().getFirst().parked());
        assertThat(entries().getFirst().tries()).isEqualTo(3);
        assertThat(entries().getFirst().letter().attempts().count()).isEqualTo(4);
        assertThat(desk.countParkedBySink("p")).containsEntry("a", 1);
        await().during(QUICKLY.multipliedBy(6))
                .atMost(SOON)
                .until(() -> sink.received.stream().filter("3:0"::equals).count() == 4);

        refused.clear();
        desk.wantAsTheyWere(List.of(entries().getFirst().id()));

        await().atMost(SOON).until(() -> entries().isEmpty());
    }

    @Test
    void triesAreCountedOverRestarts() {
        refused.add("3:0");
        for (int tries = 1; tries <= 3; tries++) {
            int so = tries;
            Pipeline pipeline = start(new ScriptedSource(20, 1, 10, true), QUICKLY, 50, sink);
            await().atMost(SOON)
                    .until(() -> !entries().isEmpty() && entries().getFirst().tries() >= so);
            awaitCheckpoint(20); // or the next start would try it as a live event too
            end(pipeline);
        }

        assertThat(entries()).singleElement().satisfies(entry -> {
            assertThat(entry.tries()).isEqualTo(3);
            assertThat(entry.letter().attempts().count()).isBetween(3, 4);
        });
    }

    @Test
    void whatMakesTheSinkFailIsParkedAndDoesNotHoldUpTheOthers() {
        buryFirst(5, 10);
        failing.clear();
        failing.add("1:0");

        start(new ScriptedSource(10, 1, 10, true), QUICKLY, 50, sink);

        await().atMost(SOON).until(() -> entries().size() == 1);
        assertThat(entries()).singleElement().satisfies(entry -> {
            assertThat(entry.parked()).isTrue();
            assertThat(entry.tries()).isEqualTo(3);
            assertThat(entry.letter().cause().reason()).isEqualTo("the broker is away");
        });
        assertThat(sink.received)
                .containsAll(events(2, 5))
                .filteredOn("1:0"::equals)
                .hasSize(3);
    }

    @Test
    void whatALetterLacksIsNotWaitedForByWhatIsNew() {
        buryFirst(1, 10);
        sink.waits = true;

        start(new ScriptedSource(30, 1, 10, true), QUICKLY, 50, sink);

        await().atMost(SOON).until(() -> entries().getFirst().parked());
        awaitCheckpoint(30);
        assertThat(sink.received).filteredOn("1:0"::equals).hasSize(3);
    }

    @Test
    void aSinkThatIsAwayCostsNoTries() {
        ScriptedSource source = new ScriptedSource(20, 1, 10, true);
        source.happenedUpTo = 10;
        failing.addAll(events(6, 20));
        start(source, QUICKLY, 50, sink);
        awaitCheckpoint(10);

        await().during(QUICKLY.multipliedBy(10))
                .atMost(SOON)
                .until(() -> entries().size() == 5);

        assertThat(entries()).noneMatch(StoredLetter::parked).allMatch(entry -> entry.tries() <= 1);
        failing.clear();
        await().atMost(SOON).until(() -> entries().isEmpty());
        source.happenedUpTo = 20;
        awaitCheckpoint(20);
        assertThat(sink.received.stream().distinct()).containsExactlyInAnyOrderElementsOf(events(1, 20));
    }

    @Test
    void liveTrafficGoesOnMeanwhile() {
        buryFirst(300, 300);
        failing.clear();
        ScriptedSource source = new ScriptedSource(1_000_000, 1, 10, true);

        start(source, QUICKLY, 300, sink);

        await().atMost(SOON).until(() -> entries().isEmpty());
        long live = List.copyOf(sink.received).stream()
                .filter(name -> Integer.parseInt(name.split(":")[0]) > 300)
                .count();
        assertThat(live).as("live events before the last letter").isGreaterThan(300);
        assertThat(source.eventsRead.get()).as("the load lasted").isLessThan(1_000_000);
    }

    @Test
    void aTransactionalSinkGetsThemInTransactionsThatMoveNoCheckpoint() {
        Ledger ledger = new Ledger();
        ledger.refused.add("3:0");
        ScriptedSource source = new ScriptedSource(20, 1, 10, true);
        source.happenedUpTo = 10;
        start(source, QUICKLY, 50, ledger.sink("a", true));
        await().atMost(SOON).until(() -> !entries().isEmpty());

        ledger.refused.clear();

        await().atMost(SOON).until(() -> entries().stream().allMatch(entry -> entry.parked()));
        await().atMost(SOON).until(() -> At.endOf(10).text().equals(ledger.checkpoint()));
        source.happenedUpTo = 20;
        awaitCheckpoint(20);
        assertThat(ledger.committed()).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(19);
    }
}
