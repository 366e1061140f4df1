package io.deltaforge.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.PostgresOptions;
import io.deltaforge.sandbox.PostgresServer;
import io.deltaforge.source.postgres.PostgresSourceConfig.OnMissingSlot;
import io.deltaforge.spi.Secret;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a human reads when the source cannot work, and that its SQL mends it where a test can run it. */
class FailuresIT {
    private static PostgresServer server;

    private TestDatabase database;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start(PostgresOptions.defaults()
                .withSettings(Map.of(
                        "max_replication_slots", "2",
                        "max_slot_wal_keep_size", "1MB",
                        "max_wal_size", "32MB",
                        "min_wal_size", "32MB")));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws Exception {
        database = new TestDatabase(
                server, "CREATE TABLE orders (id int PRIMARY KEY)", "CREATE TABLE items (id int PRIMARY KEY)");
    }

    @AfterEach
    void dropDatabase() throws Exception {
        database.close();
    }

    private PostgresSourceConfig with(String dsn, boolean create, OnMissingSlot onMissingSlot, String... tables) {
        PostgresSourceConfig plain = database.config(tables);
        return new PostgresSourceConfig(
                plain.id(),
                new Secret(dsn),
                plain.slot(),
                plain.publication(),
                plain.tables(),
                plain.startPosition(),
                create,
                onMissingSlot);
    }

    private PostgresSourceConfig with(String dsn) {
        return with(dsn, true, OnMissingSlot.FAIL, "public.orders");
    }

    private String fatal(PostgresSourceConfig config) {
        return fatal(config, new RecordingFeed());
    }

    private String fatal(PostgresSourceConfig config, RecordingFeed feed) {
        try (RunningSource source = new RunningSource(config, feed)) {
            String message = source.awaitFatal().getMessage();
            assertThat(message).startsWith("PostgreSQL at 127.0.0.1:" + server.port() + "/");
            return message;
        }
    }

    private String dsnOf(String user, String password) {
        return "postgres://" + user + ":" + password + "@127.0.0.1:" + server.port() + "/" + database.name();
    }

    @Test
    void aWrongPasswordIsNamedAndNotRepeated() {
        assertThat(fatal(with(dsnOf("postgres", "hunter2"))))
                .contains("password authentication failed for user \"postgres\"")
                .contains("ALTER ROLE \"postgres\" PASSWORD")
                .doesNotContain("hunter2");
    }

    @Test
    void anUnknownDatabaseIsNamed() {
        assertThat(fatal(with(server.dsn("nowhere")))).contains("CREATE DATABASE \"nowhere\";");
    }

    @Test
    void aRoleWithoutReplicationIsToldHowToGetIt() throws Exception {
        database.execute(
                "CREATE ROLE reader LOGIN PASSWORD 'reader'",
                "CREATE PUBLICATION " + database.publication() + " FOR TABLE orders");
        try {
            String message = fatal(with(dsnOf("reader", "reader")));
            assertThat(message).contains("permission denied").contains("ALTER ROLE \"reader\" REPLICATION;");

            database.execute("ALTER ROLE reader REPLICATION");
            try (RunningSource source =
                    new RunningSource(with(dsnOf("reader", "reader")), new RecordingFeed()).awaitStarted()) {
                database.execute("INSERT INTO orders VALUES (1)");
                source.awaitEvents(1);
            }
        } finally {
            database.execute("DROP ROLE reader");
        }
    }

    @Test
    void aRoleThatMayNotPublishIsGivenTheStatementForOneWhoMay() throws Exception {
        database.execute("CREATE ROLE reader LOGIN REPLICATION PASSWORD 'reader'");
        try {
            assertThat(fatal(with(dsnOf("reader", "reader"))))
                    .contains("Let one who may run: CREATE PUBLICATION \"" + database.publication()
                            + "\" FOR TABLE \"public\".\"orders\" WITH (publish_via_partition_root = true);");
            assertThat(fatal(with(dsnOf("reader", "reader"), true, OnMissingSlot.FAIL, "*")))
                    .contains("Only a superuser may publish all tables")
                    .contains("FOR ALL TABLES");
        } finally {
            database.execute("DROP ROLE reader");
        }
    }

    @Test
    void aTableThatDoesNotExistIsNamed() {
        assertThat(fatal(with(server.dsn(database.name()), true, OnMissingSlot.FAIL, "public.orders", "public.Order")))
                .contains("no ordinary table public.Order")
                .contains("case-sensitive");
    }

    @Test
    void aTableThatThePublicationLacksIsAddedByTheStatementShown() throws Exception {
        database.execute("CREATE PUBLICATION " + database.publication() + " FOR TABLE orders");
        PostgresSourceConfig both =
                with(server.dsn(database.name()), true, OnMissingSlot.FAIL, "public.orders", "public.items");

        String message = fatal(both);

        assertThat(message).contains("does not send public.items");
        database.execute(message.substring(message.indexOf("ALTER PUBLICATION")));
        new RunningSource(both, new RecordingFeed()).awaitStarted().close();
    }

    @Test
    void withoutCreateTheStatementsAreShownAndNothingIsMade() throws Exception {
        PostgresSourceConfig config = with(server.dsn(database.name()), false, OnMissingSlot.FAIL, "public.orders");

        String publication = fatal(config);
        assertThat(publication).contains("create is false");
        database.execute(publication.substring(publication.indexOf("CREATE PUBLICATION")));
        String slot = fatal(config);
        assertThat(slot).contains("there is no slot");
        database.execute(slot.substring(slot.indexOf("SELECT pg_create")));

        new RunningSource(config, new RecordingFeed()).awaitStarted().close();
    }

    @Test
    void whenAllSlotsAreTakenTheMessageSaysHowToSeeThem() throws Exception {
        database.execute(
                "SELECT pg_create_logical_replication_slot('other1', 'pgoutput')",
                "SELECT pg_create_logical_replication_slot('other2', 'pgoutput')");

        assertThat(fatal(with(server.dsn(database.name()))))
                .contains("all replication slots are in use")
                .contains("max_replication_slots")
                .contains("pg_drop_replication_slot");
    }

    @Test
    void aSlotThatIsGoneIsLostDataAndRecreatedOnlyWhenToldSo() throws Exception {
        PgPosition checkpoint = database.logEnd();

        assertThat(fatal(with(server.dsn(database.name())), new RecordingFeed().from(checkpoint)))
                .contains("is gone although there is a checkpoint at " + checkpoint)
                .contains("lost")
                .contains("on_missing_slot: recreate");

        PostgresSourceConfig recreate =
                with(server.dsn(database.name()), true, OnMissingSlot.RECREATE, "public.orders");
        RecordingFeed feed = new RecordingFeed().from(checkpoint);
        try (RunningSource source = new RunningSource(recreate, feed).awaitStarted()) {
            database.execute("INSERT INTO orders VALUES (1)");
            source.awaitEvents(1);
            assertThat(feed.commits().getFirst().isAfter(checkpoint)).isTrue();
        }
    }

    @Test
    void aSlotThatHasForgottenMoreThanTheCheckpointIsLostData() throws Exception {
        database.capture("public.orders").close();
        PgPosition checkpoint = database.confirmed();
        database.execute(
                "INSERT INTO orders VALUES (1)",
                "SELECT pg_replication_slot_advance('" + database.slot() + "', pg_current_wal_lsn())");

        assertThat(fatal(database.config("public.orders"), new RecordingFeed().from(checkpoint)))
                .contains("has forgotten the log before " + database.confirmed())
                .contains("the checkpoint is at " + checkpoint);
    }

    @Test
    void aSinkThatIsNotRequiredAndFarBehindDoesNotStopTheOthers() throws Exception {
        database.capture("public.orders").close();
        PgPosition checkpoint = database.confirmed();
        database.execute(
                "INSERT INTO orders VALUES (1)",
                "SELECT pg_replication_slot_advance('" + database.slot() + "', pg_current_wal_lsn())");
        RecordingFeed feed = new RecordingFeed().from(checkpoint);
        feed.durable(database.confirmed());

        try (RunningSource source = new RunningSource(database.config("public.orders"), feed).awaitStarted()) {
            database.execute("INSERT INTO orders VALUES (2)");
            assertThat(Shown.all(source.awaitEvents(1).events())).containsExactly("c orders -> (2)");
        }
    }

    @Test
    void aSlotWhoseLogWasRemovedIsLostData() throws Exception {
        database.capture("public.orders").close();
        PgPosition checkpoint = database.confirmed();
        database.execute("CREATE TABLE filler (note text)");
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            database.execute(
                    "INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 20000)",
                    "SELECT pg_switch_wal()",
                    "CHECKPOINT");
            return database.one(
                            "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '" + database.slot() + "'")
                    .equals("lost");
        });

        assertThat(fatal(database.config("public.orders"), new RecordingFeed().from(checkpoint)))
                .contains("cannot be used any more (wal_removed)")
                .contains("the changes since the checkpoint " + checkpoint + " are lost");
        PostgresSourceConfig recreate =
                with(server.dsn(database.name()), true, OnMissingSlot.RECREATE, "public.orders");
        new RunningSource(recreate, new RecordingFeed().from(checkpoint))
                .awaitStarted()
                .close();
    }

    @Test
    void aCheckpointOfAnotherServerIsRefused() throws Exception {
        database.capture("public.orders").close();

        assertThat(fatal(database.config("public.orders"), new RecordingFeed().from(PgPosition.parse("FF/0"))))
                .contains("the checkpoint is at FF/0, but the server's log ends at 0/")
                .contains("another server");
    }

    @Test
    void aPlaceThatTheSlotDoesNotHoldIsRefused() throws Exception {
        PostgresSourceConfig old =
                database.config(server.dsn(database.name()), new StartPosition.AtLsn("0/10"), "public.orders");
        PostgresSourceConfig future =
                database.config(server.dsn(database.name()), new StartPosition.AtLsn("FF/0"), "public.orders");

        assertThat(fatal(old)).contains("start_position asks for 0/10").contains("keeps the log only from 0/");
        assertThat(fatal(future)).contains("start_position asks for FF/0").contains("the server's log ends at 0/");
    }

    @Test
    void aSlotOfAnotherPluginKindOrDatabaseIsRefused() throws Exception {
        PostgresSourceConfig config = with(server.dsn(database.name()));
        String drop = "SELECT pg_drop_replication_slot('" + config.slot() + "')";

        database.execute("SELECT pg_create_physical_replication_slot('" + config.slot() + "')");
        assertThat(fatal(config)).contains("is a physical one");
        database.execute(drop, "SELECT pg_create_logical_replication_slot('" + config.slot() + "', 'test_decoding')");
        assertThat(fatal(config)).contains("made for the plugin test_decoding");
        database.execute(drop);
        server.execute("SELECT pg_create_logical_replication_slot('" + config.slot() + "', 'pgoutput')");
        assertThat(fatal(config)).contains("belongs to the database postgres");
        database.execute(drop);
    }

    @Test
    void aSlotThatSomebodyReadsIsWaitedForAndTheMessageNamesThePid() throws Exception {
        try (RunningSource first = database.capture("public.orders")) {
            String pid = database.one(
                    "SELECT active_pid FROM pg_replication_slots WHERE slot_name = '" + database.slot() + "'");
            try (RunningSource second = new RunningSource(database.config("public.orders"), new RecordingFeed())) {
                assertThat(second.awaitRetry())
                        .hasMessageContaining("PID " + pid)
                        .hasMessageContaining("pg_terminate_backend");

                first.feed().stop();

                second.awaitStarted();
            }
        }
    }

    @Test
    void changesThatAreLeftOutBecauseThePublicationIsGoneStopTheSource() throws Exception {
        try (RunningSource source = database.capture("public.orders")) {
            database.execute("DROP PUBLICATION " + database.publication(), "INSERT INTO orders VALUES (1)");

            assertThat(source.awaitFatal())
                    .hasMessageContaining("\"" + database.publication() + "\"")
                    .hasMessageContaining("cannot be had any more");
        }
    }

    @Test
    void aServerThatIsAwayIsWaitedFor() throws Exception {
        PostgresSourceConfig away = with("postgres://u:hunter2@127.0.0.1:1/shop");
        try (RunningSource source = new RunningSource(away, new RecordingFeed())) {
            assertThat(source.awaitRetry())
                    .hasMessageContaining("127.0.0.1:1/shop")
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void aServerWithoutTheTlsThatTheDsnAsksForIsRefused() throws Exception {
        assertThat(fatal(with(server.dsn(database.name()) + "?sslmode=require")))
                .contains("SSL");
    }

    @Test
    void aServerWhoseLogIsNotLogicalIsRefused() throws Exception {
        try (PostgresServer replica =
                PostgresServer.start(PostgresOptions.defaults().withSettings(Map.of("wal_level", "replica")))) {
            replica.execute("CREATE TABLE orders (id int PRIMARY KEY)");
            try (RunningSource source = new RunningSource(with(replica.dsn("postgres")), new RecordingFeed())) {
                assertThat(source.awaitFatal())
                        .hasMessageContaining("wal_level is replica")
                        .hasMessageContaining("ALTER SYSTEM SET wal_level = logical;");
            }
        }
    }
}
