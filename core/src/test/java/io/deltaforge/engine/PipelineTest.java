package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.SqliteCheckpoints;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class PipelineTest {
    private static final long QUEUE_BYTES = 1 << 20;

    @TempDir
    Path directory;

    private SqliteCheckpoints store;
    private final List<Pipeline> started = new ArrayList<>();

    @BeforeEach
    void openStore() {
        store = new SqliteCheckpoints(directory.resolve("checkpoints.db"), InstantSource.system());
    }

    @AfterEach
    void stopAll() {
        for (Pipeline pipeline : started) {
            pipeline.stop(Duration.ZERO);
            pipeline.ended().join();
        }
        store.close();
    }

    private Pipeline start(ScriptedSource source, long queueBytes, int batchEvents, Sink... sinks) {
        Pipeline pipeline = new Pipeline(
                PipelineSpec.of(
                                "p",
                                source,
                                List.of(sinks),
                                new BatchPolicy(batchEvents, 1 << 20, 10, true, 4),
                                new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1))
                        .queueMaxBytes(queueBytes)
                        .build(),
                store,
                PipelineMonitor.NONE);
        started.add(pipeline);
        pipeline.start();
        return pipeline;
    }

    private static PipelineState end(Pipeline pipeline) throws Exception {
        return pipeline.ended().get(30, TimeUnit.SECONDS);
    }

    private String checkpoint(String sink) {
        return store.load(new CheckpointKey("p", "log", sink));
    }

    private static List<String> expected(int fromTransaction, int toTransaction, int eventsEach) {
        List<String> events = new ArrayList<>();
        for (int n = fromTransaction; n <= toTransaction; n++) {
            for (int i = 0; i < eventsEach; i++) {
                events.add(n + ":" + i);
            }
        }
        return events;
    }

    @Test
    void aSourceThatIsRefusedAgainAndAgainSaysSoOnce() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger(SourceLoop.class);
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        logger.addAppender(told);
        try {
            ScriptedSource source = new ScriptedSource(1, 1, 10, false);
            source.refusals = 3;

            assertThat(end(start(source, QUEUE_BYTES, 10, new RecordingSink("a", true))))
                    .isEqualTo(new PipelineState.Stopped());
        } finally {
            logger.detachAppender(told);
        }

        assertThat(told.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .contains("nobody answers; trying again in ");
    }

    @Test
    void everyEventArrivesInOrderAndTheCheckpointCoversThem() throws Exception {
        RecordingSink sink = new RecordingSink("a", true);

        Pipeline pipeline = start(new ScriptedSource(500, 3, 100, false), QUEUE_BYTES, 50, sink);

        assertThat(end(pipeline)).isInstanceOf(PipelineState.Stopped.class);
        assertThat(sink.received).isEqualTo(expected(1, 500, 3));
        assertThat(checkpoint("a")).isEqualTo(At.endOf(500).text());
    }

    @Test
    void aRestartGoesOnWhereTheCheckpointLies() throws Exception {
        end(start(new ScriptedSource(10, 2, 10, false), QUEUE_BYTES, 50, new RecordingSink("a", true)));
        RecordingSink sink = new RecordingSink("a", true);

        end(start(new ScriptedSource(20, 2, 10, false), QUEUE_BYTES, 50, sink));

        assertThat(sink.received).isEqualTo(expected(11, 20, 2));
    }

    @Test
    void acknowledgementsOutOfOrderMoveTheCheckpointOnlyAsFarAsThePrefix() {
        RecordingSink sink = new RecordingSink("a", true).holding();
        ScriptedSource source = new ScriptedSource(2, 1, 10, true);
        start(source, QUEUE_BYTES, 1, sink);
        await().until(() -> sink.openCount() == 2);

        sink.open(1).complete(null);
        await().during(Duration.ofMillis(300)).until(() -> checkpoint("a") == null && source.durableSeen == null);
        sink.open(0).complete(null);

        await().until(() -> At.endOf(2).equals(source.durableSeen));
        assertThat(checkpoint("a")).isEqualTo(At.endOf(2).text());
    }

    @Test
    void theSourceNeverSeesAPositionThatTheStoreDoesNotHold() throws Exception {
        ScriptedSource source = new ScriptedSource(2000, 1, 10, true);
        Pipeline pipeline = start(source, QUEUE_BYTES, 10, new RecordingSink("a", true));
        while (!At.endOf(2000).equals(source.durableSeen)) {
            At seen = (At) source.durableSeen;
            String saved = checkpoint("a");
            if (seen != null) {
                assertThat(Long.parseLong(saved)).isGreaterThanOrEqualTo(seen.offset());
            }
        }
        pipeline.stop(Duration.ofSeconds(5));
        end(pipeline);
    }

    @Test
    void afterARetryableFailureEverythingUnacknowledgedIsSentAgainInOrder() throws Exception {
        RecordingSink sink = new RecordingSink("a", true);
        AtomicInteger batches = new AtomicInteger();
        sink.answer = batch -> batches.incrementAndGet() == 3
                ? RecordingSink.failed(new Failure.Retryable("broker is away", null))
                : CompletableFuture.completedFuture(null);

        end(start(new ScriptedSource(100, 1, 10, false), QUEUE_BYTES, 10, sink));

        assertThat(sink.resets).isEqualTo(1);
        // whatever is sent again starts at the batch that failed: without repeats the order is the log's
        assertThat(sink.received.stream().distinct().toList()).isEqualTo(expected(1, 100, 1));
        assertThat(sink.received.subList(sink.received.lastIndexOf("21:0"), sink.received.size()))
                .isEqualTo(expected(21, 100, 1));
        assertThat(checkpoint("a")).isEqualTo(At.endOf(100).text());
    }

    @Test
    void aBatchThatASinkNeitherTakesNorFailsIsSentAgainAtTheDeadline() throws Exception {
        RecordingSink sink = new RecordingSink("a", true);
        AtomicInteger batches = new AtomicInteger();
        sink.answer = batch ->
                batches.incrementAndGet() == 3 ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
        ScriptedSource source = new ScriptedSource(100, 1, 10, false);
        Pipeline pipeline = new Pipeline(
                PipelineSpec.of(
                                "p",
                                source,
                                List.of(sink),
                                new BatchPolicy(10, 1 << 20, 10, true, 4),
                                new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1))
                        .queueMaxBytes(QUEUE_BYTES)
                        .sinkBatchDeadline(Duration.ofMillis(100))
                        .build(),
                store,
                PipelineMonitor.NONE);
        pipeline.start();

        assertThat(end(pipeline)).isInstanceOf(PipelineState.Stopped.class);
        assertThat(sink.resets).isEqualTo(1);
        assertThat(sink.received.stream().distinct().toList()).isEqualTo(expected(1, 100, 1));
        assertThat(checkpoint("a")).isEqualTo(At.endOf(100).text());
    }

    @Test
    void aFatalFailureStopsThePipelineAndTheCheckpointStaysBeforeIt() throws Exception {
        RecordingSink sink = new RecordingSink("a", true);
        AtomicInteger batches = new AtomicInteger();
        AtomicLong firstRefused = new AtomicLong();
        sink.answer = batch -> {
            if (batches.incrementAndGet() < 4) {
                return CompletableFuture.completedFuture(null);
            }
            firstRefused.compareAndSet(0, batch.event(0).transaction().id());
            return RecordingSink.failed(new Failure.Fatal("grant WRITE on topic orders"));
        };

        PipelineState state = end(start(new ScriptedSource(100, 1, 10, true), QUEUE_BYTES, 10, sink));

        assertThat(state).isEqualTo(new PipelineState.Failed("grant WRITE on topic orders"));
        assertThat(checkpoint("a"))
                .isEqualTo(At.endOf((int) firstRefused.get() - 1).text());
    }

    @Test
    void anUndeliverableEventStopsThePipelineRatherThanBeingDropped() throws Exception {
        RecordingSink sink = new RecordingSink("a", true);
        sink.answer = batch -> RecordingSink.failed(
                new Failure.Rejected(List.of(new Failure.RejectedEvent(0, "message_too_large", "2 MB is too much"))));

        PipelineState state = end(start(new ScriptedSource(5, 1, 10, true), QUEUE_BYTES, 10, sink));

        assertThat(state)
                .isInstanceOfSatisfying(
                        PipelineState.Failed.class,
                        failed -> assertThat(failed.reason()).contains("2 MB is too much"));
        assertThat(checkpoint("a")).isNull();
    }

    @Test
    void aStalledSinkStopsTheReadingWithinTheBound() {
        RecordingSink sink = new RecordingSink("a", true).holding();
        ScriptedSource source = new ScriptedSource(10_000, 10, 1000, true);
        long queueBytes = 500_000;

        start(source, queueBytes, 100, sink);

        await().until(() -> source.eventsRead.get() > 400);
        await().during(Duration.ofMillis(300)).until(() -> source.eventsRead.get() <= 500_000 / 1000 + 100);
        sink.answer = batch -> CompletableFuture.completedFuture(null);
        synchronized (sink.open) {
            sink.open.forEach(acknowledged -> acknowledged.complete(null));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> source.eventsRead.get() == 100_000);
    }

    @Test
    void aSinkThatIsFurtherThanTheOthersIsNotGivenTheSameAgain() throws Exception {
        store.save(Map.of(
                new CheckpointKey("p", "log", "ahead"), At.endOf(30).text(),
                new CheckpointKey("p", "log", "behind"), At.endOf(10).text()));
        RecordingSink ahead = new RecordingSink("ahead", true);
        RecordingSink behind = new RecordingSink("behind", true);

        end(start(new ScriptedSource(40, 2, 10, false), QUEUE_BYTES, 7, ahead, behind));

        assertThat(ahead.received).isEqualTo(expected(31, 40, 2));
        assertThat(behind.received).isEqualTo(expected(11, 40, 2));
        assertThat(checkpoint("ahead")).isEqualTo(At.endOf(40).text());
    }

    @Test
    void aSinkThatIsFurtherIsNotGivenTheSameAgainAfterAFailureEither() throws Exception {
        store.save(Map.of(
                new CheckpointKey("p", "log", "ahead"), At.endOf(30).text(),
                new CheckpointKey("p", "log", "behind"), At.endOf(10).text()));
        RecordingSink ahead = new RecordingSink("ahead", true);
        AtomicBoolean away = new AtomicBoolean(true);
        ahead.answer = batch -> away.getAndSet(false)
                ? RecordingSink.failed(new Failure.Retryable("the broker is away", null))
                : CompletableFuture.completedFuture(null);

        end(start(new ScriptedSource(40, 2, 10, false), QUEUE_BYTES, 100, ahead, new RecordingSink("behind", true)));

        assertThat(ahead.received).startsWith("31:0").contains("40:1").doesNotContain("30:1", "11:0");
    }

    @Test
    void theCheckpointOfASinkThatIsAheadDoesNotGoBackWhileTheOtherCatchesUp() throws Exception {
        store.save(Map.of(
                new CheckpointKey("p", "log", "ahead"), At.endOf(30).text(),
                new CheckpointKey("p", "log", "behind"), At.endOf(10).text()));

        end(start(
                new ScriptedSource(20, 2, 10, false),
                QUEUE_BYTES,
                7,
                new RecordingSink("ahead", true),
                new RecordingSink("behind", true)));

        assertThat(checkpoint("ahead")).isEqualTo(At.endOf(30).text());
        assertThat(checkpoint("behind")).isEqualTo(At.endOf(20).text());
    }

    @Test
    void aSinkThatHasTakenNothingYetMissesNothingThoughTheOtherIsAheadWhenAllOfItEnds() throws Exception {
        RecordingSink ahead = new RecordingSink("ahead", true);
        Pipeline first = start(
                new ScriptedSource(20, 1, 10, true),
                QUEUE_BYTES,
                5,
                ahead,
                new RecordingSink("silent", true).holding());
        await().until(() -> ahead.received.size() == 20);
        first.stop(Duration.ZERO);
        end(first);
        RecordingSink silent = new RecordingSink("silent", true);

        end(start(new ScriptedSource(30, 1, 10, false), QUEUE_BYTES, 5, new RecordingSink("ahead", true), silent));

        assertThat(silent.received).isEqualTo(expected(1, 30, 1));
    }

    @Test
    void aSourceThatBreaksIsReadAgainFromItsLastCommit() throws Exception {
        ScriptedSource source = new ScriptedSource(40, 2, 10, false);
        source.breaksOnceAtHalf = true;
        RecordingSink sink = new RecordingSink("a", true);

        end(start(source, QUEUE_BYTES, 7, sink));

        assertThat(sink.received).isEqualTo(expected(1, 40, 2));
    }

    @Test
    void stoppingDeliversWhatWasReadAndSavesTheCheckpoint() throws Exception {
        RecordingSink sink = new RecordingSink("a", true);
        ScriptedSource source = new ScriptedSource(100, 1, 10, true);
        Pipeline pipeline = start(source, QUEUE_BYTES, 1000, sink);
        await().until(() -> source.eventsRead.get() == 100);

        pipeline.stop(Duration.ofSeconds(10));

        assertThat(end(pipeline)).isInstanceOf(PipelineState.Stopped.class);
        assertThat(sink.received).isEqualTo(expected(1, 100, 1));
        assertThat(checkpoint("a")).isEqualTo(At.endOf(100).text());
    }

    /** Standard input, say: a clean end that loses something must not look like one that does not. */
    @ParameterizedTest
    @CsvSource({"false, true, true", "false, false, false", "true, true, false"})
    void whatIsLostAtTheEndIsAFailure(boolean delivers, boolean cannotReadAgain, boolean isLost) throws Exception {
        RecordingSink sink = new RecordingSink("a", true);
        ScriptedSource source = new ScriptedSource(10, 1, 10, true);
        Pipeline pipeline = start(
                cannotReadAgain ? source.thatCannotReadAgain() : source,
                QUEUE_BYTES,
                1000,
                delivers ? sink : sink.holding());
        await().until(() -> source.eventsRead.get() == 10 && (delivers || sink.openCount() > 0));

        pipeline.stop(delivers ? Duration.ofSeconds(10) : Duration.ofMillis(200));

        assertThat(end(pipeline) instanceof PipelineState.Failed).isEqualTo(isLost);
    }

    @Test
    void stoppingGivesUpOnAStalledSinkAtTheDeadline() throws Exception {
        RecordingSink sink = new RecordingSink("a", true).holding();
        Pipeline pipeline = start(new ScriptedSource(10, 1, 10, true), QUEUE_BYTES, 1000, sink);
        await().until(() -> sink.openCount() > 0);

        pipeline.stop(Duration.ofMillis(200));

        assertThat(end(pipeline)).isInstanceOf(PipelineState.Stopped.class);
        assertThat(checkpoint("a")).isNull();
    }

    @Test
    void stoppingDoesNotWaitForASinkThatNeverOpenedAndHasNothingToDeliver() throws Exception {
        RecordingSink sink = new RecordingSink("a", true);
        sink.unreachable = true;
        Pipeline pipeline = start(new ScriptedSource(0, 1, 10, true), QUEUE_BYTES, 1000, sink);
        await().until(() -> pipeline.status().sinks().getFirst().trouble() != null);

        pipeline.stop(Duration.ofMinutes(10));

        assertThat(end(pipeline)).isInstanceOf(PipelineState.Stopped.class);
    }

    @Test
    void stoppingDoesNotWaitForAServerThatDoesNotAnswerEither() throws Exception {
        RecordingSink sink = new RecordingSink("a", true);
        sink.silent = true;
        Pipeline pipeline = start(new ScriptedSource(0, 1, 10, true), QUEUE_BYTES, 1000, sink);
        await().until(() -> sink.asked.getCount() == 0);

        pipeline.stop(Duration.ofMinutes(10));

        assertThat(end(pipeline)).isInstanceOf(PipelineState.Stopped.class);
        assertThat(pipeline.status().sinks().getFirst().trouble()).isNull();
    }

    @Test
    void theOldestPendingIsToldOfASinkThatNeverOpenedToo() {
        RecordingSink sink = new RecordingSink("a", true);
        sink.unreachable = true;

        Pipeline pipeline = start(new ScriptedSource(10, 1, 10, true), QUEUE_BYTES, 1000, sink);

        await().until(() -> pipeline.status().eventsRead() == 10);
        await().untilAsserted(
                        () -> assertThat(pipeline.status().sinks().getFirst().oldestPendingCommitMicros())
                                .isEqualTo(1_000_000));
        sink.unreachable = false;
        await().untilAsserted(
                        () -> assertThat(pipeline.status().sinks().getFirst().oldestPendingCommitMicros())
                                .isZero());
    }

    @Test
    void statusTellsWhatIsPendingAndWhy() {
        RecordingSink sink = new RecordingSink("a", true).holding();
        Pipeline pipeline = start(new ScriptedSource(10, 1, 10, true), QUEUE_BYTES, 1000, sink);
        await().until(() -> sink.openCount() > 0);
        await().until(() -> pipeline.status().eventsRead() == 10);
        assertThat(pipeline.status().state()).isInstanceOf(PipelineState.Running.class);
        assertThat(pipeline.status().sinks().getFirst().eventsPending()).isEqualTo(10);

        sink.answer = batch -> RecordingSink.failed(new Failure.Retryable("broker is away", null));
        sink.open(0).completeExceptionally(new Failure.Retryable("broker is away", null));

        await().until(() -> pipeline.status().state() instanceof PipelineState.Retrying);
        assertThat(pipeline.status().sinks().getFirst().trouble()).isEqualTo("broker is away");
    }
}
