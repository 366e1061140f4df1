package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.SqliteCheckpoints;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.Position;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.BatchPolicy;
import io.deltaforge.spi.CommitPolicy;
import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.EventFilter.Kind;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.Source;
import io.deltaforge.spi.TablePattern;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilteredPipelineTest {
    private static final Table ORDERS = new Table("public", "orders", List.of());
    private static final Table VISITS = new Table("public", "visits", List.of());
    private static final EventFilter ORDERS_ONLY =
            new EventFilter(List.of(TablePattern.parse("public.orders")), List.of());
    private static final EventFilter DELETES_ONLY = new EventFilter(List.of(), List.of(Kind.DELETE));

    @TempDir
    Path directory;

    private SqliteCheckpoints store;

    @BeforeEach
    void openStore() {
        store = new SqliteCheckpoints(directory.resolve("checkpoints.db"), InstantSource.system());
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    /** Transactions of the same size, of which the test says what each event is. */
    private record MixedSource(int transactions, int eventsEach, BiFunction<Integer, Integer, Table> tableOf)
            implements Source {
        @Override
        public SourceInfo info() {
            return At.LOG;
        }

        @Override
        public Position parsePosition(String text) {
            return new At(Long.parseLong(text));
        }

        @Override
        public void run(Feed feed) {
            for (int n = 1; n <= transactions; n++) {
                for (int i = 0; i < eventsEach; i++) {
                    while (!feed.hasRoom()) {
                        feed.awaitRoom(Duration.ofMillis(10));
                        if (feed.stopped()) {
                            return;
                        }
                    }
                    Message message = At.event(n, i, 0);
                    Row row = Row.ofTexts("x".repeat(100));
                    feed.event(new RowChange(
                            Op.CREATE, tableOf.apply(n, i), null, row, message.transaction(), message.lsn(), i));
                }
                feed.commit(At.endOf(n));
            }
        }

        @Override
        public void close() {}
    }

    private PipelineState run(Source source, Map<String, EventFilter> filters, long queueBytes, Sink... sinks)
            throws Exception {
        Pipeline pipeline = new Pipeline(
                PipelineSpec.of(
                                "p",
                                source,
                                List.of(sinks),
                                new BatchPolicy(10, 1 << 20, 10, true, 4),
                                new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1))
                        .queueMaxBytes(queueBytes)
                        .filters(filters)
                        .build(),
                store,
                PipelineMonitor.NONE);
        pipeline.start();
        try {
            return pipeline.ended().get(30, TimeUnit.SECONDS);
        } finally {
            pipeline.stop(Duration.ZERO);
        }
    }

    private String checkpoint(String sink) {
        return store.load(new CheckpointKey("p", "log", sink));
    }

    private static List<String> events(int transactions, int eventsEach, int firstOrdinal, int step) {
        List<String> events = new ArrayList<>();
        for (int n = 1; n <= transactions; n++) {
            for (int i = firstOrdinal; i < eventsEach; i += step) {
                events.add(n + ":" + i);
            }
        }
        return events;
    }

    @Test
    void eachSinkIsGivenWhatItsFilterLetsPass() throws Exception {
        RecordingSink all = new RecordingSink("all", true);
        RecordingSink orders = new RecordingSink("orders", true);

        run(
                new MixedSource(100, 7, (n, i) -> i % 2 == 0 ? VISITS : ORDERS),
                Map.of("orders", ORDERS_ONLY),
                1 << 20,
                all,
                orders);

        assertThat(all.received).isEqualTo(events(100, 7, 0, 1));
        assertThat(orders.received).isEqualTo(events(100, 7, 1, 2));
        assertThat(checkpoint("orders")).isEqualTo(At.endOf(100).text());
    }

    @Test
    void aSinkThatIsGivenNothingMovesItsCheckpointAllTheSame() throws Exception {
        RecordingSink deletes = new RecordingSink("deletes", true);

        PipelineState end =
                run(new MixedSource(100, 7, (n, i) -> ORDERS), Map.of("deletes", DELETES_ONLY), 20_000, deletes);

        assertThat(end).isInstanceOf(PipelineState.Stopped.class);
        assertThat(deletes.received).isEmpty();
        assertThat(checkpoint("deletes")).isEqualTo(At.endOf(100).text());
    }

    @Test
    void whatIsSentAgainIsFilteredToo() throws Exception {
        RecordingSink orders = new RecordingSink("orders", true);
        AtomicInteger batches = new AtomicInteger();
        orders.answer = batch -> batches.incrementAndGet() == 3
                ? RecordingSink.failed(new Failure.Retryable("away", null))
                : CompletableFuture.completedFuture(null);

        run(
                new MixedSource(100, 7, (n, i) -> i % 2 == 0 ? VISITS : ORDERS),
                Map.of("orders", ORDERS_ONLY),
                1 << 20,
                orders);

        assertThat(orders.resets).isEqualTo(1);
        assertThat(orders.received.stream().distinct().toList()).isEqualTo(events(100, 7, 1, 2));
    }

    @Test
    void aRejectedEventIsTheOneThatTheSinkMeant() throws Exception {
        List<String> buried = new ArrayList<>();
        RecordingSink orders = new RecordingSink("orders", true);
        orders.answer = batch -> RecordingSink.failed(
                new Failure.Rejected(List.of(new Failure.RejectedEvent(batch.size() - 1, "wrong", "it is wrong"))));
        DeadLetters deadLetters =
                (sink, batch, rejected) -> rejected.events().forEach(event -> buried.add(name(batch, event.index())));
        Pipeline pipeline = new Pipeline(
                PipelineSpec.of(
                                "p",
                                new MixedSource(1, 7, (n, i) -> i % 2 == 0 ? VISITS : ORDERS),
                                List.of(orders),
                                new BatchPolicy(10, 1 << 20, 10, true, 4),
                                new CommitPolicy(CommitPolicy.Mode.REQUIRED, 1))
                        .deadLetters(deadLetters)
                        .filters(Map.of("orders", ORDERS_ONLY))
                        .build(),
                store,
                PipelineMonitor.NONE);
        pipeline.start();
        pipeline.ended().get(30, TimeUnit.SECONDS);

        assertThat(buried).containsExactly("1:5");
    }

    private static String name(Batch batch, int index) {
        return batch.event(index).transaction().id() + ":" + batch.event(index).ordinal();
    }

    /** A transaction larger than the queue, of which pieces are left out: they must not wait for its commit. */
    @Test
    void aTransactionalSinkIsGivenALargeTransactionWithoutItsOtherTables() throws Exception {
        Ledger ledger = new Ledger();

        run(
                new MixedSource(3, 3000, (n, i) -> i / 100 % 3 == 0 ? ORDERS : VISITS),
                Map.of("orders", ORDERS_ONLY),
                50_000,
                ledger.sink("orders", true));

        List<String> expected = new ArrayList<>(events(3, 3000, 0, 1));
        expected.removeIf(event -> Integer.parseInt(event.substring(2)) / 100 % 3 != 0);
        assertThat(ledger.committed()).isEqualTo(expected);
        assertThat(ledger.checkpoint()).isEqualTo(At.endOf(3).text());
    }

    @Test
    void aTransactionalSinkThatIsGivenNothingMovesOn() throws Exception {
        Ledger ledger = new Ledger();

        PipelineState end = run(
                new MixedSource(50, 40, (n, i) -> n % 10 == 0 ? ORDERS : VISITS),
                Map.of("orders", ORDERS_ONLY),
                50_000,
                ledger.sink("orders", true));

        assertThat(end).isInstanceOf(PipelineState.Stopped.class);
        assertThat(ledger.committed()).hasSize(5 * 40);
        assertThat(checkpoint("orders")).isEqualTo(At.endOf(50).text());
    }
}
