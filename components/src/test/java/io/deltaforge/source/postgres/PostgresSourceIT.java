package io.deltaforge.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Column;
import io.deltaforge.event.Message;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What arrives of changes made on a real server. */
class PostgresSourceIT {

    @Test
    void insertsUpdatesAndDeletesArriveInTheOrderOfTheirCommit() throws Exception {
        try (TestDatabase database = new TestDatabase(
                        "CREATE TABLE orders (id int PRIMARY KEY, status text, amount numeric(10,2))");
                RunningSource source = database.capture("public.orders")) {
            database.execute(
                    "INSERT INTO orders VALUES (1, 'new', 12.50), (2, NULL, 3)",
                    "UPDATE orders SET status = 'paid' WHERE id = 1",
                    "UPDATE orders SET id = 3 WHERE id = 2",
                    "DELETE FROM orders WHERE id = 1");

            List<RowChange> changes = source.awaitEvents(5).changes();

            assertThat(Shown.all(changes))
                    .containsExactly(
                            "c orders -> (1, new, 12.50)",
                            "c orders -> (2, NULL, 3.00)",
                            "u orders -> (1, paid, 12.50)",
                            "u orders (2, absent, absent) -> (3, NULL, 3.00)",
                            "d orders (1, absent, absent)");
            assertThat(changes.get(0).transaction())
                    .isSameAs(changes.get(1).transaction())
                    .isNotSameAs(changes.get(2).transaction());
            assertThat(changes).extracting(RowChange::ordinal).containsExactly(0, 1, 0, 0, 0);
            assertThat(changes)
                    .extracting(RowChange::table)
                    .containsOnly(changes.getFirst().table());
        }
    }

    @Test
    void aTransactionKnowsItsNumberItsTimeAndItsPlace() throws Exception {
        try (TestDatabase database = new TestDatabase("CREATE TABLE orders (id int PRIMARY KEY)");
                RunningSource source = database.capture("public.orders")) {
            String xid = database.one("WITH i AS (INSERT INTO orders VALUES (1) RETURNING id) SELECT"
                    + " pg_current_xact_id()::text || ' ' || (extract(epoch FROM now()) * 1000000)::bigint FROM i");

            RowChange change = source.awaitEvents(1).changes().getFirst();

            assertThat(String.valueOf(change.transaction().id())).isEqualTo(xid.split(" ")[0]);
            assertThat(change.transaction().commitMicros() - Long.parseLong(xid.split(" ")[1]))
                    .isBetween(0L, 5_000_000L);
            assertThat(change.lsn()).isLessThan(change.transaction().lsn());
            assertThat(source.feed().commits().getLast().covers(change.position()))
                    .isTrue();
            assertThat(source.feed().commits().getFirst().covers(change.position()))
                    .isFalse();
        }
    }

    @Test
    void underFullIdentityTheWholeOldRowArrivesAndTheKeyIsThePrimaryKey() throws Exception {
        try (TestDatabase database = new TestDatabase(
                        "CREATE TABLE orders (note text, id int PRIMARY KEY)",
                        "ALTER TABLE orders REPLICA IDENTITY FULL");
                RunningSource source = database.capture("public.orders")) {
            database.execute(
                    "INSERT INTO orders VALUES (NULL, 1)", "UPDATE orders SET note = 'x'", "DELETE FROM orders");

            List<RowChange> changes = source.awaitEvents(3).changes();

            assertThat(Shown.all(changes))
                    .containsExactly("c orders -> (NULL, 1)", "u orders (NULL, 1) -> (x, 1)", "d orders (x, 1)");
            assertThat(keys(changes.getFirst().table())).containsExactly("id");
        }
    }

    @Test
    void underIndexIdentityTheIndexIsLoggedAndTheKeyIsThePrimaryKey() throws Exception {
        try (TestDatabase database = new TestDatabase(
                        "CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL UNIQUE, age int)",
                        "ALTER TABLE users REPLICA IDENTITY USING INDEX users_email_key");
                RunningSource source = database.capture("public.users")) {
            database.execute("INSERT INTO users VALUES (1, 'a@b', 5)", "DELETE FROM users");

            List<RowChange> changes = source.awaitEvents(2).changes();

            assertThat(Shown.all(changes)).containsExactly("c users -> (1, a@b, 5)", "d users (absent, a@b, absent)");
            assertThat(keys(changes.getFirst().table())).containsExactly("id");
        }
    }

    @Test
    void withoutAPrimaryKeyTheIdentityIndexIsTheKey() throws Exception {
        try (TestDatabase database = new TestDatabase(
                        "CREATE TABLE users (email text NOT NULL UNIQUE, age int)",
                        "ALTER TABLE users REPLICA IDENTITY USING INDEX users_email_key");
                RunningSource source = database.capture("public.users")) {
            database.execute("INSERT INTO users VALUES ('a@b', 5)");

            assertThat(keys(source.awaitEvents(1).changes().getFirst().table())).containsExactly("email");
        }
    }

    @Test
    void withoutReplicaIdentityInsertsStillArriveWithTheirKey() throws Exception {
        try (TestDatabase database = new TestDatabase(
                        "CREATE TABLE logs (id int PRIMARY KEY, note text)",
                        "ALTER TABLE logs REPLICA IDENTITY NOTHING");
                RunningSource source = database.capture("public.logs")) {
            database.execute("INSERT INTO logs VALUES (1, 'x')");

            RowChange change = source.awaitEvents(1).changes().getFirst();

            assertThat(Shown.event(change)).isEqualTo("c logs -> (1, x)");
            assertThat(keys(change.table())).containsExactly("id");
        }
    }

    @Test
    void aTableWithoutAKeyHasNone() throws Exception {
        try (TestDatabase database = new TestDatabase(
                        "CREATE TABLE a (n int)", "CREATE TABLE b (n int)", "ALTER TABLE b REPLICA IDENTITY FULL");
                RunningSource source = database.capture("public.a", "public.b")) {
            database.execute("INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (2)", "UPDATE b SET n = 3");

            List<RowChange> changes = source.awaitEvents(3).changes();

            assertThat(Shown.all(changes)).containsExactly("c a -> (1)", "c b -> (2)", "u b (2) -> (3)");
            assertThat(keys(changes.get(0).table())).isEmpty();
            assertThat(keys(changes.get(1).table())).isEmpty();
        }
    }

    @Test
    void aCompositeKeyIsInTheOrderOfTheColumns() throws Exception {
        try (TestDatabase database = new TestDatabase("CREATE TABLE lines (a int, b int, c int, PRIMARY KEY (c, a))");
                RunningSource source = database.capture("public.lines")) {
            database.execute("INSERT INTO lines VALUES (1, 2, 3)", "DELETE FROM lines");

            List<RowChange> changes = source.awaitEvents(2).changes();

            assertThat(Shown.event(changes.get(1))).isEqualTo("d lines (1, absent, 3)");
            assertThat(keys(changes.get(0).table())).containsExactly("a", "c");
        }
    }

    @Test
    void anUnchangedToastValueIsUnavailableUnlessTheOldRowHasIt() throws Exception {
        String large = "x".repeat(10_000);
        try (TestDatabase database = new TestDatabase(
                        "CREATE TABLE docs (id int PRIMARY KEY, n int, body text)",
                        "ALTER TABLE docs ALTER body SET STORAGE EXTERNAL");
                RunningSource source = database.capture("public.docs")) {
            database.execute(
                    "INSERT INTO docs VALUES (1, 1, repeat('x', 10000))",
                    "UPDATE docs SET n = 2",
                    "ALTER TABLE docs REPLICA IDENTITY FULL",
                    "UPDATE docs SET n = 3");

            assertThat(Shown.all(source.awaitEvents(3).events()))
                    .containsExactly(
                            "c docs -> (1, 1, " + large + ")",
                            "u docs -> (1, 2, unavailable)",
                            "u docs (1, 2, " + large + ") -> (1, 3, " + large + ")");
        }
    }

    @Test
    void aPartitionedTableArrivesUnderTheNameOfItsRoot() throws Exception {
        try (TestDatabase database = new TestDatabase(
                        "CREATE TABLE events (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
                        "CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
                        // its columns lie in another order on disk
                        "CREATE TABLE events_2025 (at date NOT NULL, id int NOT NULL)",
                        "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')");
                RunningSource source = database.capture("public.%")) {
            database.execute(
                    "INSERT INTO events VALUES (1, '2024-05-01'), (2, '2025-05-01')",
                    "UPDATE events SET id = 3 WHERE id = 2",
                    "DELETE FROM events WHERE id = 1");

            List<RowChange> changes = source.awaitEvents(4).changes();

            assertThat(Shown.all(changes))
                    .containsExactly(
                            "c events -> (1, 2024-05-01)",
                            "c events -> (2, 2025-05-01)",
                            "u events (2, 2025-05-01) -> (3, 2025-05-01)",
                            "d events (1, 2024-05-01)");
            assertThat(keys(changes.get(1).table())).containsExactly("id", "at");
        }
    }

    @Test
    void everyRowHasTheShapeThatItsTableHadThen() throws Exception {
        try (TestDatabase database = new TestDatabase("CREATE TABLE orders (id int PRIMARY KEY, status text)");
                RunningSource source = database.capture("public.orders")) {
            database.execute(
                    """
                    BEGIN;
                    INSERT INTO orders VALUES (1, 'a');
                    ALTER TABLE orders ADD COLUMN note text DEFAULT 'none';
                    INSERT INTO orders VALUES (2, 'b', 'x');
                    ALTER TABLE orders RENAME COLUMN status TO state;
                    INSERT INTO orders VALUES (3, 'c', 'y');
                    ALTER TABLE orders DROP COLUMN state;
                    UPDATE orders SET note = 'z' WHERE id = 1;
                    COMMIT""", "ALTER TABLE orders RENAME TO bestellungen", "INSERT INTO bestellungen VALUES (4, 'w')");

            List<RowChange> changes = source.awaitEvents(4).changes();

            assertThat(changes)
                    .extracting(change ->
                            change.table().columns().stream().map(Column::name).toList() + " " + Shown.event(change))
                    .startsWith(
                            "[id, status] c orders -> (1, a)",
                            "[id, status, note] c orders -> (2, b, x)",
                            "[id, state, note] c orders -> (3, c, y)",
                            "[id, note] u orders -> (1, z)");
        }
    }

    @Test
    void aRenamedTableIsNoLongerTheOneThatWasNamed() throws Exception {
        try (TestDatabase database =
                        new TestDatabase("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY)");
                RunningSource source = database.capture("public.a", "public.b")) {
            database.execute(
                    "INSERT INTO a VALUES (1)",
                    "ALTER TABLE a RENAME TO c",
                    "INSERT INTO c VALUES (2)",
                    "INSERT INTO b VALUES (3)");

            assertThat(Shown.all(source.awaitEvents(2).events())).containsExactly("c a -> (1)", "c b -> (3)");
        }
    }

    @Test
    void namesAreTakenAsTheyAre() throws Exception {
        try (TestDatabase database = new TestDatabase(
                        "CREATE SCHEMA \"Mein Schema\"",
                        "CREATE TABLE \"Mein Schema\".\"Straße.\"\"1\"\"\" (\"Nr\" int PRIMARY KEY, \"grüße ✓\" text)");
                RunningSource source = database.capture("Mein Schema.\"Straße.\"\"1\"\"\"")) {
            database.execute("INSERT INTO \"Mein Schema\".\"Straße.\"\"1\"\"\" VALUES (1, 'äöü 🚀')");

            RowChange change = source.awaitEvents(1).changes().getFirst();

            assertThat(change.table()).hasToString("Mein Schema.Straße.\"1\"");
            assertThat(change.table().columns()).extracting(Column::name).containsExactly("Nr", "grüße ✓");
            assertThat(Shown.event(change)).endsWith("(1, äöü 🚀)");
        }
    }

    @Test
    void slotAndPublicationMayHaveAnyLegalName() throws Exception {
        try (TestDatabase database = new TestDatabase("CREATE TABLE orders (id int PRIMARY KEY)")) {
            PostgresSourceConfig plain = database.config("public.orders");
            PostgresSourceConfig odd = new PostgresSourceConfig(
                    plain.id(),
                    plain.dsn(),
                    "1_" + database.slot(),
                    "it's \"odd\", Ü",
                    plain.tables(),
                    plain.startPosition(),
                    true,
                    plain.onMissingSlot());
            try (RunningSource source = new RunningSource(odd, new RecordingFeed()).awaitStarted()) {
                database.execute("INSERT INTO orders VALUES (1)");

                assertThat(Shown.all(source.awaitEvents(1).events())).containsExactly("c orders -> (1)");
            }
        }
    }

    @Test
    void onlyTheTablesAskedForArriveThoughThePublicationHoldsMore() throws Exception {
        try (TestDatabase database = new TestDatabase(
                "CREATE TABLE orders (id int PRIMARY KEY)", "CREATE TABLE secrets (id int PRIMARY KEY)")) {
            database.execute("CREATE PUBLICATION " + database.publication() + " FOR ALL TABLES");
            try (RunningSource source = database.capture("public.o%")) {
                database.execute("""
                        BEGIN;
                        INSERT INTO secrets VALUES (1);
                        INSERT INTO orders VALUES (2);
                        COMMIT""", "TRUNCATE secrets, orders");

                List<RowChange> changes = source.awaitEvents(2).changes();

                assertThat(Shown.all(changes)).containsExactly("c orders -> (2)", "t orders");
                assertThat(changes.getFirst().ordinal()).isEqualTo(1);
            }
        }
    }

    @Test
    void allTablesIncludesThoseThatAreCreatedLater() throws Exception {
        try (TestDatabase database = new TestDatabase();
                RunningSource source = database.capture("*")) {
            database.execute(
                    "CREATE TABLE later (id int PRIMARY KEY)", "INSERT INTO later VALUES (1)", "TRUNCATE later");

            assertThat(Shown.all(source.awaitEvents(2).events())).containsExactly("c later -> (1)", "t later");
        }
    }

    @Test
    void applicationsWriteMessagesIntoTheLog() throws Exception {
        try (TestDatabase database = new TestDatabase("CREATE TABLE orders (id int PRIMARY KEY)");
                RunningSource source = database.capture("public.orders")) {
            database.execute("""
                    BEGIN;
                    INSERT INTO orders VALUES (1);
                    SELECT pg_logical_emit_message(true, 'outbox', 'within');
                    SELECT pg_logical_emit_message(false, 'audit', 'at once');
                    INSERT INTO orders VALUES (2);
                    COMMIT""");

            List<io.deltaforge.event.Event> events = source.awaitEvents(4).events();

            assertThat(Shown.all(events))
                    .containsExactly("m! audit at once", "c orders -> (1)", "m outbox within", "c orders -> (2)");
            assertThat(events).extracting(io.deltaforge.event.Event::ordinal).containsExactly(0, 0, 1, 2);
            assertThat(((Message) events.get(0)).transaction().commitMicros())
                    .isBetween(
                            events.get(1).transaction().commitMicros() - 10_000_000,
                            events.get(1).transaction().commitMicros() + 10_000_000);
        }
    }

    @Test
    void aTransactionThatIsRolledBackLeavesNothing() throws Exception {
        try (TestDatabase database = new TestDatabase("CREATE TABLE orders (id int PRIMARY KEY)");
                RunningSource source = database.capture("public.orders")) {
            database.execute("BEGIN; INSERT INTO orders VALUES (1); ROLLBACK", "INSERT INTO orders VALUES (2)");

            assertThat(Shown.all(source.awaitEvents(1).events())).containsExactly("c orders -> (2)");
        }
    }

    @Test
    void aLargeTransactionArrivesWhole() throws Exception {
        int rows = 200_000;
        try (TestDatabase database = new TestDatabase("CREATE TABLE orders (id int PRIMARY KEY, note text)");
                RunningSource source = database.capture("public.orders")) {
            int before = source.feed().commits().size();
            database.execute("INSERT INTO orders SELECT n, 'note ' || n FROM generate_series(1, " + rows + ") n");

            List<RowChange> changes = source.awaitEvents(rows).changes();

            assertThat(changes).hasSize(rows);
            for (int i = 0; i < rows; i++) {
                assertThat(changes.get(i).ordinal()).isEqualTo(i);
                assertThat(changes.get(i).after().text(0)).isEqualTo(String.valueOf(i + 1));
            }
            assertThat(source.feed().commits()).hasSizeLessThanOrEqualTo(before + 2);
        }
    }

    private static List<String> keys(Table table) {
        return table.columns().stream().filter(Column::key).map(Column::name).toList();
    }
}
