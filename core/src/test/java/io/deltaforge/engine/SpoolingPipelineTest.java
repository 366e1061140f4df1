package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.engine.spool.Machine;
import io.deltaforge.reliability.Backoff;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SpoolPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Sinks that are not required, beside one that is. */
@Isolated("measures the heap, which has what other tests keep too")
class SpoolingPipelineTest {
    private static final long QUEUE_BYTES = 500_000;
    private static final SpoolPolicy AMPLE = new SpoolPolicy(1L << 30, SpoolPolicy.WhenFull.DROP);
    private static final Patience QUICK = new Patience(
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), new Random()),
            Duration.ofMillis(100),
            Duration.ofMillis(50),
            System::nanoTime);

    @TempDir
    Path directory;

    private Machine machine = new Machine();
    private final List<Pipeline> started = new ArrayList<>();

    @AfterEach
    void stopAll() {
        for (Pipeline pipeline : started) {
            pipeline.stop(Duration.ZERO);
            pipeline.ended().join();
        }
    }

    private Pipeline start(ScriptedSource source, SpoolPolicy policy, boolean onRealDisk, Sink... sinks) {
        return start(source, policy, onRealDisk, new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1), sinks);
    }

    private Pipeline start(
            ScriptedSource source, SpoolPolicy policy, boolean onRealDisk, CommitPolicy commit, Sink... sinks) {
        Machine now = machine;
        Pipeline pipeline = new Pipeline(
                PipelineSpec.of("p", source, List.of(sinks), new BatchPolicy(100, 1 << 20, 5, true, 4), commit)
                        .queueMaxBytes(QUEUE_BYTES)
                        .spooling(new PipelineSpec.Spooling(directory, policy))
                        .build(),
                now.checkpoints(),
                PipelineMonitor.NONE,
                QUICK,
                onRealDisk ? io.deltaforge.engine.spool.DirectoryDisk::new : now::disk);
        started.add(pipeline);
        pipeline.start();
        return pipeline;
    }

    private static List<String> expected(int from, int to, int eventsEach) {
        List<String> events = new ArrayList<>();
        for (int n = from; n <= to; n++) {
            for (int i = 0; i < eventsEach; i++) {
                events.add(n + ":" + i);
            }
        }
        return events;
    }

    private static PipelineStatus.SinkStatus sink(Pipeline pipeline, int index) {
        return pipeline.status().sinks().get(index);
    }

    private String checkpoint(String sink) {
        return machine.checkpoints().load(new CheckpointKey("p", "log", sink));
    }

    private static long usedHeapBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void aStalledSinkCostsTheOthersNothingAndCatchesUpWithoutARestart() {
        RecordingSink required = new RecordingSink("required", true);
        RecordingSink stalled = new RecordingSink("stalled", false).holding();
        ScriptedSource source = new ScriptedSource(10_000, 10, 1000, true);
        long before = usedHeapBytes();

        Pipeline pipeline = start(source, AMPLE, true, required, stalled);

        await().atMost(Duration.ofSeconds(60)).until(() -> required.received.size() == 100_000);
        assertThat(usedHeapBytes() - before).as("of 110 MB of events").isLessThan(40_000_000);
        await().untilAsserted(() -> assertThat(source.durableSeen).isEqualTo(At.endOf(10_000)));
        assertThat(checkpoint("stalled")).isNull();
        assertThat(sink(pipeline, 1).spooledEvents()).isGreaterThan(90_000);
        assertThat(sink(pipeline, 1).spooledBytes()).isGreaterThan(100_000_000);
        assertThat(sink(pipeline, 1).eventsPending()).isEqualTo(100_000);

        stalled.release();

        await().atMost(Duration.ofSeconds(60))
                .until(() -> At.endOf(10_000).text().equals(checkpoint("stalled")));
        assertThat(stalled.received).isEqualTo(expected(1, 10_000, 10));
        assertThat(required.received).isEqualTo(expected(1, 10_000, 10));
        await().untilAsserted(
                        () -> assertThat(sink(pipeline, 1).eventsPending()).isZero());
        assertThat(sink(pipeline, 1).spooledEvents()).isZero();
    }

    @Test
    void onceCaughtUpItGoesOnInMemoryAndTheDiskIsEmpty() {
        RecordingSink optional = new RecordingSink("optional", false).holding();
        ScriptedSource source = new ScriptedSource(3000, 1, 1000, true);
        source.happenedUpTo = 2000;
        Pipeline pipeline = start(source, AMPLE, true, new RecordingSink("required", true), optional);
        await().until(() -> sink(pipeline, 1).spooledEvents() > 1000);

        optional.release();
        await().until(() -> optional.received.size() == 2000);
        source.happenedUpTo = 2999;
        await().until(() -> optional.received.size() == 2999);
        source.happenedUpTo = 3000;

        await().until(() -> optional.received.size() == 3000);
        assertThat(optional.received).isEqualTo(expected(1, 3000, 1));
        await().untilAsserted(() -> assertThat(sink(pipeline, 1).spooledBytes()).isZero());
    }

    @Test
    void theOldestPendingIsToldOfWhatWaitsOnDiskAndAfterARestart() throws Exception {
        for (int run = 1; run <= 2; run++) {
            Pipeline pipeline = startWithout("away");
            await().until(() -> sink(pipeline, 1).spooledEvents() == 2000);
            assertThat(sink(pipeline, 1).oldestPendingCommitMicros()).isEqualTo(1_000_000);
            stop(pipeline);
        }
    }

    @Test
    void whatASilentSinkHasNotTakenIsOnDiskAfterAWhileHoweverLittleItIs() {
        RecordingSink optional = new RecordingSink("optional", false).holding();
        ScriptedSource source = new ScriptedSource(2, 1, 10, true);
        source.happenedUpTo = 1;
        start(source, AMPLE, true, new RecordingSink("required", true), optional);
        await().until(() -> optional.openCount() == 1);
        await().during(Duration.ofMillis(150)).until(() -> source.durableSeen == null);

        source.happenedUpTo = 2;

        await().untilAsserted(() -> assertThat(source.durableSeen).isEqualTo(At.endOf(2)));
        assertThat(checkpoint("optional")).isNull();
    }

    @Test
    void whatWaitsForASinkThatHasAnotherNameNowIsTold() throws Exception {
        Pipeline first = startWithout("before");
        await().until(() -> sink(first, 1).spooledEvents() == 2000);
        stop(first);
        Path left = directory.resolve("p").resolve("log").resolve("before");
        long bytes = sink(first, 1).spooledBytes();

        List<String> told = toldWhile(() -> {
            stop(startWithout("after"));
            Pipeline third = startWithout("before");
            assertThat(sink(third, 1).spooledEvents()).isEqualTo(2000);
            stop(third);
        });

        assertThat(told)
                .satisfiesExactly(second -> assertThat(second).contains(left + " holds " + bytes + " bytes of events"));
    }

    /** It may be of another kind of source, too. */
    @Test
    void whatWaitsForAnotherSinkAndIsNoSpoolStopsNobodyAndStays() throws Exception {
        Path folder =
                Files.createDirectories(directory.resolve("p").resolve("log").resolve("before"));
        Path file = Files.writeString(folder.resolve("0000000000000001.segment"), "no spool");

        List<String> told = toldWhile(() -> stop(startWithout("after")));

        assertThat(told).satisfiesExactly(second -> assertThat(second).contains(folder + " holds 8 bytes"));
        assertThat(file).hasContent("no spool");
    }

    private interface Work {
        void run() throws Exception;
    }

    /** What is logged meanwhile of spools that nobody uses. */
    private static List<String> toldWhile(Work work) throws Exception {
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        Logger log = (Logger) LoggerFactory.getLogger(Spools.class);
        log.addAppender(told);
        try {
            work.run();
        } finally {
            log.detachAppender(told);
        }
        return told.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** With a required sink, and one of this name that is away. */
    private Pipeline startWithout(String name) {
        RecordingSink away = new RecordingSink(name, false);
        away.unreachable = true;
        return start(new ScriptedSource(2000, 1, 1000, true), AMPLE, true, new RecordingSink("required", true), away);
    }

    private static void stop(Pipeline pipeline) throws Exception {
        pipeline.stop(Duration.ZERO);
        pipeline.ended().get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stoppingDoesNotWaitForItToGetBetter(boolean opens) throws Exception {
        RecordingSink away = new RecordingSink("away", false);
        away.unreachable = !opens;
        away.answer = batch -> RecordingSink.failed(new Failure.Retryable("broker is away", null));
        // few, so that they wait in memory
        RecordingSink required = new RecordingSink("required", true);
        Pipeline pipeline = start(new ScriptedSource(10, 1, 10, true), AMPLE, true, required, away);
        await().until(() -> sink(pipeline, 1).trouble() != null);
        await().until(() -> required.received.size() == 10);

        pipeline.stop(Duration.ofMinutes(2));

        assertThat(pipeline.ended().get(60, TimeUnit.SECONDS)).isInstanceOf(PipelineState.Stopped.class);
        assertThat(checkpoint("away")).isNull();
    }

    @Test
    void aFatalFailureOfASinkThatIsNotRequiredEndsNothingAndIsTriedAgain() {
        aFailureThatNeedsAHumanEndsNothing(new Failure.Fatal("grant WRITE on topic orders"), "grant WRITE");
    }

    @Test
    void anUndeliverableEventOfASinkThatIsNotRequiredStaysInFront() {
        aFailureThatNeedsAHumanEndsNothing(
                new Failure.Rejected(List.of(new Failure.RejectedEvent(0, "message_too_large", "2 MB is too much"))),
                "2 MB is too much");
    }

    private void aFailureThatNeedsAHumanEndsNothing(Failure failure, String reason) {
        RecordingSink required = new RecordingSink("required", true);
        RecordingSink optional = new RecordingSink("optional", false);
        optional.answer = batch -> RecordingSink.failed(failure);
        ScriptedSource source = new ScriptedSource(2000, 1, 1000, true);

        Pipeline pipeline = start(source, AMPLE, true, required, optional);

        await().until(() -> required.received.size() == 2000);
        await().until(() -> optional.resets > 2);
        assertThat(sink(pipeline, 1).trouble()).contains(reason);
        assertThat(pipeline.status().state()).isInstanceOf(PipelineState.Retrying.class);
        assertThat(checkpoint("optional")).isNull();

        optional.answer = batch -> CompletableFuture.completedFuture(null);

        await().until(() -> At.endOf(2000).text().equals(checkpoint("optional")));
        assertThat(optional.received.stream().distinct().toList()).isEqualTo(expected(1, 2000, 1));
        assertThat(sink(pipeline, 1).trouble()).isNull();
    }

    @Test
    void aSinkThatThrowsTakesNoOtherWithIt() {
        RecordingSink required = new RecordingSink("required", true);
        RecordingSink optional = new RecordingSink("optional", false);
        optional.answer = batch -> {
            throw new IllegalStateException("a bug");
        };

        Pipeline pipeline = start(new ScriptedSource(500, 1, 10, true), AMPLE, true, required, optional);

        await().until(() -> required.received.size() == 500);
        await().untilAsserted(() -> assertThat(sink(pipeline, 1).trouble()).contains("a bug"));
    }

    @Test
    void aRestartDeliversWhatIsOnDiskAndTheSourceGivesOnlyTheRest() throws Exception {
        RecordingSink stalled = new RecordingSink("optional", false).holding();
        ScriptedSource source = new ScriptedSource(2000, 1, 1000, true);
        Pipeline pipeline = start(source, AMPLE, true, new RecordingSink("required", true), stalled);
        await().untilAsserted(() -> assertThat(source.durableSeen).isEqualTo(At.endOf(2000)));
        pipeline.stop(Duration.ofSeconds(30));
        // does not wait for the sink: everything is on disk
        pipeline.ended().get(10, TimeUnit.SECONDS);
        RecordingSink optional = new RecordingSink("optional", false);
        RecordingSink required = new RecordingSink("required", true);
        ScriptedSource longer = new ScriptedSource(2500, 1, 1000, true);

        Pipeline second = start(longer, AMPLE, true, required, optional);

        await().until(() -> At.endOf(2500).text().equals(checkpoint("optional")));
        assertThat(optional.received).isEqualTo(expected(1, 2500, 1));
        assertThat(required.received).isEqualTo(expected(2001, 2500, 1));
        assertThat(longer.eventsRead).hasValue(500);
        await().untilAsserted(() -> assertThat(sink(second, 1).eventsPending()).isZero());
    }

    @Test
    void aSinkThatBecomesRequiredStillGetsWhatItLeftOnDisk() throws Exception {
        ScriptedSource source = new ScriptedSource(2000, 1, 1000, true);
        Pipeline pipeline = start(
                source, AMPLE, true, new RecordingSink("required", true), new RecordingSink("other", false).holding());
        await().untilAsserted(() -> assertThat(source.durableSeen).isEqualTo(At.endOf(2000)));
        pipeline.stop(Duration.ofSeconds(30));
        pipeline.ended().get(10, TimeUnit.SECONDS);
        RecordingSink other = new RecordingSink("other", true);

        start(new ScriptedSource(2100, 1, 1000, true), AMPLE, true, new RecordingSink("required", true), other);

        await().until(() -> At.endOf(2100).text().equals(checkpoint("other")));
        assertThat(other.received).isEqualTo(expected(1, 2100, 1));
    }

    @Test
    void aFullSpoolDropsWhatIsReadThenAndTheSinkGoesOnAfterIt() {
        SpoolPolicy small = new SpoolPolicy(1 << 20, SpoolPolicy.WhenFull.DROP);
        RecordingSink required = new RecordingSink("required", true);
        RecordingSink optional = new RecordingSink("optional", false).holding();
        ScriptedSource source = new ScriptedSource(10_000, 1, 1000, true);
        source.happenedUpTo = 8000;
        Pipeline pipeline = start(source, small, true, required, optional);
        await().until(() -> required.received.size() == 8000);
        await().until(() -> source.eventsRead.get() == 8000);
        assertThat(sink(pipeline, 1).skippedEvents()).isBetween(6000L, 7500L);
        assertThat(sink(pipeline, 1).spooledBytes()).isLessThan((1 << 20) + QUEUE_BYTES);

        optional.release();
        await().until(() -> sink(pipeline, 1).spooledEvents() == 0);
        source.happenedUpTo = 9999;
        await().until(() ->
                required.received.size() == 9999 && sink(pipeline, 1).spooledEvents() == 0);
        source.happenedUpTo = 10_000;

        await().until(() -> At.endOf(10_000).text().equals(checkpoint("optional")));
        await().untilAsserted(() -> assertThat(source.durableSeen).isEqualTo(At.endOf(10_000)));
        assertThat(required.received).isEqualTo(expected(1, 10_000, 1));
        // in order, each once, and all but those that were counted
        List<String> without = expected(1, 10_000, 1);
        without.retainAll(new HashSet<>(optional.received));
        assertThat(optional.received).isEqualTo(without);
        assertThat(without).hasSize(10_000 - (int) sink(pipeline, 1).skippedEvents());
        assertThat(sink(pipeline, 1).eventsPending()).isZero();
    }

    @Test
    void whileEventsAreDroppedTheSourceMayForgetThem() {
        SpoolPolicy small = new SpoolPolicy(1 << 20, SpoolPolicy.WhenFull.DROP);
        ScriptedSource source = new ScriptedSource(4100, 1, 1000, true);
        source.happenedUpTo = 4000;
        Pipeline pipeline = start(
                source,
                small,
                true,
                new RecordingSink("required", true),
                new RecordingSink("optional", false).holding());
        await().until(() -> sink(pipeline, 1).skippedEvents() > 2000 && source.eventsRead.get() == 4000);
        await().during(Duration.ofMillis(1100)).until(() -> true);

        source.happenedUpTo = 4100;

        await().until(() -> source.durableSeen != null && source.durableSeen.covers(At.transaction(4000)));
    }

    @Test
    void aFullSpoolThatMustNotDropPausesTheSource() {
        SpoolPolicy pausing = new SpoolPolicy(1 << 20, SpoolPolicy.WhenFull.PAUSE);
        RecordingSink required = new RecordingSink("required", true);
        RecordingSink optional = new RecordingSink("optional", false).holding();
        ScriptedSource source = new ScriptedSource(10_000, 1, 1000, true);
        Pipeline pipeline = start(source, pausing, true, required, optional);
        await().until(() -> source.eventsRead.get() > 1000);
        await().during(Duration.ofMillis(300)).until(() -> source.eventsRead.get() < 2500);
        assertThat(sink(pipeline, 1).spooledBytes()).isLessThan((1 << 20) + QUEUE_BYTES + 200_000);

        optional.release();

        await().atMost(Duration.ofSeconds(30))
                .until(() -> At.endOf(10_000).text().equals(checkpoint("optional")));
        assertThat(optional.received).isEqualTo(expected(1, 10_000, 1));
        assertThat(required.received).isEqualTo(expected(1, 10_000, 1));
        assertThat(sink(pipeline, 1).skippedEvents()).isZero();
    }

    /** What the source may forget is another matter: by these policies it waits for the sinks themselves. */
    @ParameterizedTest
    @EnumSource(
            value = CommitPolicy.Mode.class,
            names = {"ALL", "QUORUM"})
    void whatLiesOnDiskIsNotLostAtTheEnd(CommitPolicy.Mode mode) throws Exception {
        ScriptedSource source = new ScriptedSource(2000, 1, 1000, true).thatCannotReadAgain();
        RecordingSink stalled = new RecordingSink("optional", false).holding();
        Pipeline pipeline =
                start(source, AMPLE, true, new CommitPolicy(mode, 2), new RecordingSink("required", true), stalled);
        await().until(() -> At.endOf(2000).text().equals(checkpoint("required")));

        pipeline.stop(Duration.ofSeconds(30));

        assertThat(pipeline.ended().get(60, TimeUnit.SECONDS)).isInstanceOf(PipelineState.Stopped.class);
        assertThat(sink(pipeline, 1).spooledEvents()).isPositive();
        assertThat(checkpoint("optional")).isNull();
    }

    @Test
    void withNoSinkRequiredTheSourceStillForgetsWhatIsOnDisk() {
        ScriptedSource source = new ScriptedSource(2000, 1, 1000, true);

        start(source, AMPLE, true, new RecordingSink("optional", false).holding());

        await().untilAsserted(() -> assertThat(source.durableSeen).isEqualTo(At.endOf(2000)));
    }

    /** What a sink that comes and goes was given, through all the crashes. */
    private static final class Moods {
        private final Random random;
        final List<Integer> written = Collections.synchronizedList(new ArrayList<>());

        Moods(Random random) {
            this.random = random;
        }

        RecordingSink next() {
            RecordingSink sink = new RecordingSink("optional", false);
            sink.answer = batch -> {
                for (int i = 0; i < batch.size(); i++) {
                    int event = (int) batch.event(i).transaction().id() * 3
                            + batch.event(i).ordinal();
                    int last = written.isEmpty() ? 2 : written.getLast();
                    assertThat(event).as("after %d comes", last).isLessThanOrEqualTo(last + 1);
                    written.add(event);
                }
                return switch (random.nextInt(12)) {
                    case 0 -> RecordingSink.failed(new Failure.Retryable("away", null));
                    case 1 -> RecordingSink.failed(new Failure.Fatal("refused"));
                    case 2 ->
                        CompletableFuture.supplyAsync(
                                () -> null, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
                    default -> CompletableFuture.completedFuture(null);
                };
            };
            return sink;
        }
    }

    /** Until the source has read so much, or the sink was given so much, or there is nothing more to do. */
    private static void awaitSomeProgress(ScriptedSource source, Moods moods, Random random) {
        boolean bySource = random.nextBoolean();
        int written = moods.written.size() + random.nextInt(800);
        int read = random.nextInt(800);
        At end = At.endOf(source.happenedUpTo);
        await().pollInterval(Duration.ofMillis(1))
                .until(() -> end.equals(source.durableSeen)
                        || (bySource ? source.eventsRead.get() >= read : moods.written.size() >= written));
    }

    @Test
    void powerCutsAtAnyMomentLoseNothingAndSkipNothing() throws Exception {
        Random random = new Random(System.nanoTime());
        Moods moods = new Moods(random);
        int transactions = 6000;
        At forgotten = null;
        for (int cut = 0; cut < 25; cut++) {
            ScriptedSource source = new ScriptedSource(transactions, 3, 400, true);
            source.forgotten = forgotten;
            source.happenedUpTo = Math.min(transactions, (cut + 1) * transactions / 20);
            Pipeline pipeline = start(source, AMPLE, false, new RecordingSink("required", true), moods.next());
            awaitSomeProgress(source, moods, random);
            String durable = pipeline.status().durable();
            machine = machine.cutPower(random);
            forgotten = durable == null ? forgotten : new At(Long.parseLong(durable));
            pipeline.stop(Duration.ZERO);
            pipeline.ended().get(10, TimeUnit.SECONDS);
        }
        ScriptedSource source = new ScriptedSource(transactions, 3, 400, true);
        source.forgotten = forgotten;
        start(source, AMPLE, false, new RecordingSink("required", true), moods.next());

        await().atMost(Duration.ofSeconds(60))
                .until(() -> At.endOf(transactions).text().equals(checkpoint("optional")));
        assertThat(moods.written.stream().distinct().sorted().toList())
                .isEqualTo(java.util.stream.IntStream.rangeClosed(3, transactions * 3 + 2)
                        .boxed()
                        .toList());
    }
}
