package io.deltaforge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ShopIT {
    private static PostgresServer postgres;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.start(PostgresOptions.defaults());
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    @Test
    void theSameSeedMakesTheSameShop() throws SQLException {
        ShopTotals first = traded("first", 42, 300);
        ShopTotals second = traded("second", 42, 300);
        ShopTotals other = traded("other", 43, 300);

        assertThat(first.transactions()).isEqualTo(300);
        assertThat(second).isEqualTo(first);
        assertThat(contents("second")).isEqualTo(contents("first"));
        assertThat(other).isNotEqualTo(first);
    }

    @Test
    void theTotalsAreWhatTheTablesHold() throws SQLException {
        ShopTotals totals = traded("totals", 7, 300);

        assertThat(totals.inserts()).isPositive();
        assertThat(totals.updates()).isPositive();
        assertThat(totals.deletes()).isPositive();
        assertThat(contents("totals").stream().mapToLong(Long::longValue).sum())
                .isEqualTo(totals.inserts() - totals.deletes());
    }

    @Test
    void itTradesAtARateUntilStopped() throws SQLException {
        open("rate");
        ShopWorkload workload = new ShopWorkload(() -> postgres.connect("rate"), new Random(1));
        long beganNanos = System.nanoTime();

        workload.start(50);
        await().until(() -> workload.totals().transactions() >= 20);
        workload.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - beganNanos)).isGreaterThan(Duration.ofMillis(350));
        ShopTotals after = workload.totals();
        assertThat(contents("rate").stream().mapToLong(Long::longValue).sum())
                .isEqualTo(after.inserts() - after.deletes());
    }

    @Test
    void itTradesOnAfterTheServersCrash() throws SQLException {
        open("crash");
        try (ShopWorkload workload = new ShopWorkload(() -> postgres.connect("crash"), new Random(1))) {
            workload.start(200);
            await().until(() -> workload.totals().transactions() >= 20);

            postgres.kill();
            long before = workload.totals().transactions();
            postgres.startAgain();

            await().until(() -> workload.totals().transactions() >= before + 20);
        }
    }

    @Test
    void aShopWithoutTablesEndsIt() throws SQLException {
        postgres.createDatabase("empty");
        ShopWorkload workload = new ShopWorkload(() -> postgres.connect("empty"), new Random(1));

        workload.start(10);

        await().untilAsserted(() -> assertThatThrownBy(workload::stop)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("customers"));
    }

    private static ShopTotals traded(String database, long seed, int transactions) throws SQLException {
        open(database);
        try (ShopWorkload workload = new ShopWorkload(() -> postgres.connect(database), new Random(seed))) {
            workload.run(transactions);
            return workload.totals();
        }
    }

    private static void open(String database) throws SQLException {
        postgres.createDatabase(database);
        try (Connection connection = postgres.connect(database)) {
            Shop.createSchema(connection);
        }
    }

    private static List<Long> contents(String database) throws SQLException {
        return postgres.queryIn(
                        database, """
                        SELECT (SELECT count(*) FROM customers), (SELECT count(*) FROM orders),
                            (SELECT count(*) FROM order_items), (SELECT count(*) FROM payments)
                        """, row -> List.of(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
                .getFirst();
    }
}
