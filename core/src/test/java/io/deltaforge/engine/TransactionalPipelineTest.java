package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.SqliteCheckpoints;
import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransactionalPipelineTest {
    private static final long QUEUE_BYTES = 1 << 20;

    private final Ledger ledger = new Ledger();
    private final List<String> buried = new CopyOnWriteArrayList<>();

    private Pipeline start(
            SqliteCheckpoints store, ScriptedSource source, int batchEvents, long queueBytes, Sink... sinks) {
        DeadLetters deadLetters = (sink, batch, rejected) -> rejected.events()
                .forEach(event ->
                        buried.add(batch.event(event.index()).transaction().id() + ":"
                                + batch.event(event.index()).ordinal()));
        Pipeline pipeline = new Pipeline(
                PipelineSpec.of(
                                "p",
                                source,
                                List.of(sinks),
                                new BatchPolicy(batchEvents, 1 << 20, 10, true, 4),
                                new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1))
                        .queueMaxBytes(queueBytes)
                        .deadLetters(deadLetters)
                        .build(),
                store,
                PipelineMonitor.NONE,
                QuickPipelines.PATIENCE,
                QuickPipelines.NO_SPOOLS);
        pipeline.start();
        return pipeline;
    }

    private static PipelineState end(Pipeline pipeline) throws Exception {
        return pipeline.ended().get(30, TimeUnit.SECONDS);
    }

    private PipelineState runToEnd(SqliteCheckpoints store, ScriptedSource source, int batchEvents, Sink... sinks)
            throws Exception {
        return end(start(store, source, batchEvents, QUEUE_BYTES, sinks));
    }

    private static SqliteCheckpoints open(Path directory) {
        return new SqliteCheckpoints(directory.resolve("checkpoints.db"), InstantSource.system());
    }

    private static List<String> expected(int from, int to, int each) {
        List<String> events = new ArrayList<>();
        for (int n = from; n <= to; n++) {
            for (int i = 0; i < each; i++) {
                events.add(n + ":" + i);
            }
        }
        return events;
    }

    @Test
    void aBacklogCostsFewCommits(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            runToEnd(store, new ScriptedSource(2000, 2, 10, false), 10, ledger.sink("a", true));

            assertThat(ledger.committed()).isEqualTo(expected(1, 2000, 2));
            assertThat(ledger.transactions()).hasSizeLessThan(200);
            assertThat(ledger.checkpoint()).isEqualTo(At.endOf(2000).text());
            assertThat(store.load(new CheckpointKey("p", "log", "a")))
                    .isEqualTo(At.endOf(2000).text());
        }
    }

    @Test
    void noTransactionOfTheSourceIsSeenInPartsHoweverLarge(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            ScriptedSource source = new ScriptedSource(5, 1000, 1000, false);

            end(start(store, source, 10, 50_000, ledger.sink("a", true)));

            assertThat(ledger.committed()).isEqualTo(expected(1, 5, 1000));
            for (List<String> transaction : ledger.transactions()) {
                assertThat(transaction.getFirst()).endsWith(":0");
                assertThat(transaction.getLast()).endsWith(":999");
            }
        }
    }

    /** Whatever fails, and whether or not it happened all the same, nothing is missing and nothing comes twice. */
    @Property(tries = 60)
    void everythingIsSeenOnceWhateverFails(@ForAll Random random) throws Exception {
        Path directory = Files.createTempDirectory(Path.of("target"), "transactional"); // jqwik knows no @TempDir
        Ledger other = new Ledger();
        AtomicInteger troubles = new AtomicInteger(20);
        other.trouble = step -> {
            if (random.nextInt(6) > 0 || troubles.decrementAndGet() < 0) {
                return Ledger.Outcome.WORKS;
            }
            return step == Ledger.Step.COMMIT && random.nextBoolean()
                    ? Ledger.Outcome.ANSWER_LOST
                    : Ledger.Outcome.FAILS;
        };
        int each = 1 + random.nextInt(60);
        // the second run has lost all that the first one saved here
        for (int transactions : new int[] {30, 60}) {
            try (SqliteCheckpoints store = open(Files.createDirectory(directory.resolve("" + transactions)))) {
                PipelineState state = end(start(
                        store,
                        new ScriptedSource(transactions, each, 100, false),
                        1 + random.nextInt(25),
                        20_000,
                        other.sink("a", true)));
                assertThat(state).isInstanceOf(PipelineState.Stopped.class);
                assertThat(other.committed()).isEqualTo(expected(1, transactions, each));
            }
        }
    }

    @Test
    void theSourceBeginsWhereTheSinkStandsThoughTheStoreIsBehind(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            runToEnd(store, new ScriptedSource(20, 1, 10, false), 5, ledger.sink("a", true));
            store.save(Map.of(new CheckpointKey("p", "log", "a"), At.endOf(7).text()));
            ScriptedSource source = new ScriptedSource(30, 1, 10, false);

            runToEnd(store, source, 5, ledger.sink("a", true));

            assertThat(source.eventsRead).hasValue(10);
            assertThat(ledger.committed()).isEqualTo(expected(1, 30, 1));
        }
    }

    @Test
    void switchingExactlyOnceOffAndOnKeepsThePosition(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            runToEnd(store, new ScriptedSource(10, 1, 10, false), 3, ledger.sink("a", true));
            RecordingSink plain = new RecordingSink("a", true);
            runToEnd(store, new ScriptedSource(20, 1, 10, false), 3, plain);
            runToEnd(store, new ScriptedSource(30, 1, 10, false), 3, ledger.sink("a", true));

            assertThat(plain.received).isEqualTo(expected(11, 20, 1));
            assertThat(ledger.committed().subList(10, 20)).isEqualTo(expected(21, 30, 1));
        }
    }

    @Test
    void whatTheStoreMissedOfTheSinksCheckpointIsSavedAtTheNextStart(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            runToEnd(store, new ScriptedSource(10, 1, 10, false), 3, ledger.sink("a", true));
            store.save(Map.of(new CheckpointKey("p", "log", "a"), At.endOf(7).text()));

            runToEnd(store, new ScriptedSource(10, 1, 10, false), 3, ledger.sink("a", true));

            assertThat(store.load(new CheckpointKey("p", "log", "a")))
                    .isEqualTo(At.endOf(10).text());
        }
    }

    @Test
    void nothingIsCommittedBeforeEverySinkHasACheckpoint(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            RecordingSink late = new RecordingSink("late", true);
            late.unreachable = true;
            ScriptedSource source = new ScriptedSource(10, 1, 10, true).startingWithACommit();
            Pipeline pipeline = start(store, source, 3, QUEUE_BYTES, ledger.sink("a", true), late);
            await().until(() -> ledger.opened == 1 && source.eventsRead.get() == 10);
            await().during(Duration.ofMillis(200))
                    .until(() -> ledger.committed().isEmpty());

            late.unreachable = false;

            await().until(() -> ledger.committed().equals(expected(1, 10, 1)));
            pipeline.stop(Duration.ofSeconds(5));
            end(pipeline);
            assertThat(late.received).isEqualTo(expected(1, 10, 1));
        }
    }

    @Test
    void anEventThatCannotBeDeliveredIsKeptBeforeTheCommitThatPassesIt(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            ledger.refused.add("4:1");
            List<Integer> buriedAtCommit = new ArrayList<>();
            ledger.trouble = step -> {
                if (step == Ledger.Step.COMMIT) {
                    buriedAtCommit.add(buried.size());
                }
                return Ledger.Outcome.WORKS;
            };

            runToEnd(store, new ScriptedSource(5, 2, 10, false), 100, ledger.sink("a", true));

            assertThat(buried).containsExactly("4:1");
            assertThat(buriedAtCommit.getLast()).isEqualTo(1);
            List<String> others = expected(1, 5, 2);
            others.remove("4:1");
            assertThat(ledger.committed()).isEqualTo(others);
        }
    }

    @Test
    void aSinkThatAnotherTookOverFromStopsThePipeline(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            ScriptedSource source = new ScriptedSource(20, 1, 10, true);
            source.happenedUpTo = 10;
            Pipeline first = start(store, source, 3, QUEUE_BYTES, ledger.sink("a", true));
            await().until(() -> ledger.committed().size() == 10);
            ledger.sink("a", true).open(new SinkContext("p", At.LOG, PipelineSpec.DEFAULT_SEND_MAX_BYTES));

            source.happenedUpTo = 20;

            assertThat(end(first)).isEqualTo(new PipelineState.Failed("another took over"));
            assertThat(ledger.committed()).isEqualTo(expected(1, 10, 1));
        }
    }

    @Test
    void stoppingDoesNotWaitForASinkThatNeverToldItsPosition(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            ledger.trouble = step -> Ledger.Outcome.FAILS;
            ScriptedSource source = new ScriptedSource(10, 1, 10, true);
            Pipeline pipeline = start(store, source, 3, QUEUE_BYTES, ledger.sink("a", true));
            await().until(() -> pipeline.status().sinks().getFirst().trouble() != null);

            pipeline.stop(Duration.ofMinutes(10));

            assertThat(end(pipeline)).isInstanceOf(PipelineState.Stopped.class);
            assertThat(source.eventsRead).hasValue(0);
        }
    }

    /** What was read before the pipeline went back to its checkpoints is lost as well. */
    @Test
    void whatIsLostAfterGoingBackIsAFailureToo(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            AtomicInteger writes = new AtomicInteger();
            AtomicInteger opens = new AtomicInteger();
            // a transaction of which a part was let go
            ledger.trouble = step -> (step == Ledger.Step.OPEN && opens.incrementAndGet() > 1)
                            || (step == Ledger.Step.WRITE && writes.incrementAndGet() > 5)
                    ? Ledger.Outcome.FAILS
                    : Ledger.Outcome.WORKS;
            ScriptedSource source = new ScriptedSource(1, 100, 10, true).thatCannotReadAgain();
            Pipeline pipeline = start(store, source, 10, QUEUE_BYTES, ledger.sink("a", true));
            await().until(() -> opens.get() > 1);

            pipeline.stop(Duration.ofMillis(200));

            assertThat(end(pipeline)).isInstanceOf(PipelineState.Failed.class);
            assertThat(source.eventsRead).hasValue(100);
        }
    }

    @Test
    void aFatalFailureOfTheDeadLetterQueueStopsThePipelineBeforeTheEvent(@TempDir Path directory) throws Exception {
        try (SqliteCheckpoints store = open(directory)) {
            ledger.refused.add("4:0");
            Pipeline pipeline = new Pipeline(
                    PipelineSpec.of(
                                    "p",
                                    new ScriptedSource(5, 1, 10, true),
                                    List.of(ledger.sink("a", true)),
                                    new BatchPolicy(1, 1 << 20, 10, true, 4),
                                    new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1))
                            .queueMaxBytes(QUEUE_BYTES)
                            .build(),
                    store,
                    PipelineMonitor.NONE);
            pipeline.start();

            assertThat(end(pipeline)).isInstanceOf(PipelineState.Failed.class);
            assertThat(ledger.committed()).doesNotContain("4:0", "5:0");
        }
    }
}
