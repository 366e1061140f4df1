package io.deltaforge.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;
import io.deltaforge.sandbox.FaultProxy;
import io.deltaforge.sandbox.PostgresOptions;
import io.deltaforge.sandbox.PostgresServer;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stalls, dropped connections and restarts: no event is lost and none handed on twice. */
class ResilienceIT {
    private static PostgresServer server;

    private TestDatabase database;
    private FaultProxy proxy;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start(
                PostgresOptions.defaults().withSettings(Map.of("wal_sender_timeout", "5s", "max_wal_senders", "4")));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws Exception {
        database = new TestDatabase(
                server,
                "CREATE TABLE orders (id int PRIMARY KEY, note text)",
                "CREATE TABLE unpublished (id serial, note text)");
        proxy = FaultProxy.to(server.host(), server.port());
    }

    @AfterEach
    void dropDatabase() throws Exception {
        proxy.close();
        database.close();
    }

    private PostgresSourceConfig throughProxy() {
        String dsn = server.dsn(database.name()).replace(":" + server.port() + "/", ":" + proxy.port() + "/");
        return database.config(dsn, new StartPosition.Earliest(), "public.orders");
    }

    private void insert(int from, int to) throws Exception {
        database.execute(
                "INSERT INTO orders SELECT n, repeat('x', 500) FROM generate_series(" + from + ", " + to + ") n");
    }

    private static List<Integer> ids(List<RowChange> changes) {
        return changes.stream()
                .map(change -> Integer.valueOf(change.after().text(0)))
                .toList();
    }

    private static List<Integer> range(int from, int to) {
        return java.util.stream.IntStream.rangeClosed(from, to).boxed().toList();
    }

    private String walsender() throws Exception {
        return database.one("SELECT coalesce((SELECT active_pid FROM pg_replication_slots WHERE slot_name = '"
                + database.slot() + "'), 0)");
    }

    @Test
    void aStalledFeedKeepsItsConnectionBeyondTheServersTimeout() throws Exception {
        RecordingFeed feed = new RecordingFeed().withRoomFor(1_000);
        try (RunningSource source = new RunningSource(database.config("public.orders"), feed).awaitStarted()) {
            String pid = walsender();
            insert(1, 60_000);
            source.awaitEvents(1_000);

            await().during(Duration.ofSeconds(13))
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> walsender().equals(pid) && feed.eventCount() == 1_000);
            feed.withRoomFor(Integer.MAX_VALUE);

            assertThat(ids(source.awaitEvents(60_000).changes())).isEqualTo(range(1, 60_000));
            assertThat(walsender()).isEqualTo(pid);
            assertThat(source.retried()).isEmpty();
        }
    }

    @Test
    void nothingIsConfirmedBeforeItIsDurable() throws Exception {
        RecordingFeed feed = new RecordingFeed().withoutDurability();
        try (RunningSource source = new RunningSource(database.config("public.orders"), feed).awaitStarted()) {
            PgPosition start = database.confirmed();
            insert(1, 10);
            insert(11, 20);
            source.awaitEvents(20);
            await().until(() -> feed.commits().size() >= 3);
            PgPosition first = feed.commits().get(1);

            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(9))
                    .until(() -> database.confirmed().equals(start));
            feed.durable(first);

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> database.confirmed().equals(first));
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(9))
                    .until(() -> database.confirmed().equals(first));
        }
    }

    @Test
    void anIdleTableDoesNotKeepTheLogWhileOthersWrite() throws Exception {
        try (RunningSource source =
                new RunningSource(database.config("public.orders"), new RecordingFeed()).awaitStarted()) {
            insert(1, 1);
            source.awaitEvents(1);
            database.execute("INSERT INTO unpublished (note) SELECT repeat('y', 500) FROM generate_series(1, 5000)");
            PgPosition written = database.logEnd();

            await().atMost(Duration.ofSeconds(20)).until(() -> !written.isAfter(database.confirmed()));

            insert(2, 3);
            assertThat(ids(source.awaitEvents(3).changes())).containsExactly(1, 2, 3);
        }
    }

    @Test
    void theDistanceToTheLogsEndIsReported() throws Exception {
        RecordingFeed feed = new RecordingFeed().withRoomFor(1_000);
        try (RunningSource source = new RunningSource(database.config("public.orders"), feed).awaitStarted()) {
            insert(1, 20_000);
            source.awaitEvents(1_000);

            await().atMost(Duration.ofSeconds(10)).until(() -> feed.lagBytes() > 1_000_000);
            feed.withRoomFor(Integer.MAX_VALUE);

            await().atMost(Duration.ofSeconds(20)).until(() -> feed.lagBytes() < 100_000);
        }
    }

    @Test
    void aConnectionThatIsResetInTheMiddleOfATransactionGoesOnBehindTheLastRow() throws Exception {
        RecordingFeed feed = new RecordingFeed().withRoomFor(5_000);
        try (RunningSource source = new RunningSource(throughProxy(), feed).awaitStarted()) {
            insert(1, 50_000);
            insert(50_001, 50_100);
            source.awaitEvents(5_000);
            int taken = feed.eventCount();

            proxy.reset();
            feed.withRoomFor(Integer.MAX_VALUE);

            assertThat(ids(source.awaitEvents(50_100).changes())).isEqualTo(range(1, 50_100));
            assertThat(taken).isLessThan(50_000);
            assertThat(source.retried()).isNotEmpty();
            List<Event> events = feed.events();
            assertThat(events.get(0).transaction().lsn())
                    .isEqualTo(events.get(49_999).transaction().lsn());
            assertThat(events)
                    .extracting(Event::ordinal)
                    .startsWith(range(0, 49_999).toArray(Integer[]::new));
            // the shape did not change, so everything that is derived from it stays valid
            assertThat(feed.changes().getLast().table())
                    .isSameAs(feed.changes().getFirst().table());
        }
    }

    @Test
    void manyResetsLoseNothingAndRepeatNothing() throws Exception {
        RecordingFeed feed = new RecordingFeed();
        try (RunningSource source = new RunningSource(throughProxy(), feed).awaitStarted()) {
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 10; i++) {
                    int first = round * 1_000 + i * 100 + 1;
                    insert(first, first + 99);
                }
                int enough = round * 1_000 + 150;
                await().pollInterval(Duration.ofMillis(1)).until(() -> feed.eventCount() >= enough);
                proxy.reset();
            }

            assertThat(ids(source.awaitEvents(20_000).changes())).isEqualTo(range(1, 20_000));
            assertThat(source.retried()).hasSizeGreaterThan(10);
        }
    }

    @Test
    void aLineThatHangsIsGivenUpAndOpenedAgain() throws Exception {
        RecordingFeed feed = new RecordingFeed();
        try (RunningSource source = new RunningSource(throughProxy(), feed).awaitStarted()) {
            insert(1, 10);
            source.awaitEvents(10);

            proxy.stall();
            insert(11, 20);
            source.awaitRetry();
            proxy.resume();

            assertThat(ids(source.awaitEvents(20).changes())).isEqualTo(range(1, 20));
        }
    }

    @Test
    void aLineThatHangsInTheMiddleOfAMessageIsGivenUpAndOpenedAgain() throws Exception {
        RecordingFeed feed = new RecordingFeed();
        try (RunningSource source = new RunningSource(throughProxy(), feed).awaitStarted()) {
            proxy.slow(1_000_000);
            long before = proxy.bytesToClient();
            database.execute("INSERT INTO orders VALUES (1, repeat('x', 5000000))");
            await().atMost(Duration.ofSeconds(20)).until(() -> proxy.bytesToClient() > before + 1_000_000);

            proxy.stall();
            source.awaitRetry();
            proxy.resume();

            assertThat(ids(source.awaitEvents(1).changes())).containsExactly(1);
            assertThat(feed.changes().getFirst().after().text(1)).hasSize(5_000_000);
        }
    }

    @Test
    void aServerThatRestartsIsReadAgain() throws Exception {
        RecordingFeed feed = new RecordingFeed();
        try (RunningSource source = new RunningSource(database.config("public.orders"), feed).awaitStarted()) {
            insert(1, 100);
            source.awaitEvents(100);

            server.restart();
            insert(101, 200);

            assertThat(ids(source.awaitEvents(200).changes())).isEqualTo(range(1, 200));
            assertThat(source.retried()).isNotEmpty();
        }
    }

    @Test
    void aServerThatCrashesInTheMiddleOfATransactionIsReadAgain() throws Exception {
        RecordingFeed feed = new RecordingFeed().withRoomFor(5_000).withoutDurability();
        try (RunningSource source = new RunningSource(database.config("public.orders"), feed).awaitStarted()) {
            insert(1, 30_000);
            source.awaitEvents(5_000);

            server.kill();
            server.startAgain();
            feed.withRoomFor(Integer.MAX_VALUE);
            insert(30_001, 30_100);

            assertThat(ids(source.awaitEvents(30_100).changes())).isEqualTo(range(1, 30_100));
        }
    }

    @Test
    void aNewProcessGoesOnFromItsCheckpoint() throws Exception {
        RecordingFeed first = new RecordingFeed().withoutDurability();
        try (RunningSource source = new RunningSource(database.config("public.orders"), first).awaitStarted()) {
            insert(1, 10);
            insert(11, 20);
            source.awaitEvents(20);
            await().until(() -> first.commits().size() >= 3);
        }
        insert(21, 30);

        RecordingFeed second = new RecordingFeed().from(first.commits().get(1));
        try (RunningSource source = new RunningSource(database.config("public.orders"), second)) {
            assertThat(ids(source.awaitEvents(20).changes())).isEqualTo(range(11, 30));
        }
    }

    @Test
    void latestLeavesOutWhatTheSlotStillHolds() throws Exception {
        database.capture("public.orders").close();
        insert(1, 10);
        PostgresSourceConfig latest =
                database.config(server.dsn(database.name()), new StartPosition.Latest(), "public.orders");
        RecordingFeed feed = new RecordingFeed();
        try (RunningSource source = new RunningSource(latest, feed).awaitStarted()) {
            insert(11, 20);

            assertThat(ids(source.awaitEvents(10).changes())).isEqualTo(range(11, 20));
        }
    }

    @Test
    void latestIsDecidedOnceAndNotAgainAfterAReset() throws Exception {
        PostgresSourceConfig config = throughProxy();
        PostgresSourceConfig latest =
                database.config(config.dsn().reveal(), new StartPosition.Latest(), "public.orders");
        RecordingFeed feed = new RecordingFeed();
        try (RunningSource source = new RunningSource(latest, feed).awaitStarted()) {
            proxy.cut();
            insert(1, 10);
            proxy.restore();

            assertThat(ids(source.awaitEvents(10).changes())).isEqualTo(range(1, 10));
        }
    }

    @Test
    void aPlaceInTheLogStartsThere() throws Exception {
        database.capture("public.orders").close();
        insert(1, 10);
        PgPosition between = database.logEnd();
        insert(11, 20);
        PostgresSourceConfig config =
                database.config(server.dsn(database.name()), new StartPosition.AtLsn(between.text()), "public.orders");
        try (RunningSource source = new RunningSource(config, new RecordingFeed())) {
            assertThat(ids(source.awaitEvents(10).changes())).isEqualTo(range(11, 20));
        }
    }

    @Test
    void whileANewSlotWaitsForAnOpenTransactionTheSourceSaysForWhich() throws Exception {
        try (Connection connection = server.connect(database.name());
                Statement statement = connection.createStatement()) {
            statement.execute("SET application_name = 'forgotten'");
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO unpublished (note) VALUES ('open')");
            RecordingFeed feed = new RecordingFeed();
            try (RunningSource source = new RunningSource(database.config("public.orders"), feed)) {
                assertThat(source.awaitRetry()).hasMessageContaining("forgotten");

                connection.rollback();
                source.awaitStarted();
            }
        }
    }
}
