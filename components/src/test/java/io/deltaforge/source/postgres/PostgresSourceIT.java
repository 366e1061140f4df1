package io.deltaforge.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.RowChange;
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
}
