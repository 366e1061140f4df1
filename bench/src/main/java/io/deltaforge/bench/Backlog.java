package io.deltaforge.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Changes that wait behind slots at the same place in the log: one for the limit, and one for each drain. */
record Backlog(String table, String publication, String limitSlot, List<String> slots, long events) {

    /** Makes table, publication and slots, then commits the changes. */
    static Backlog write(
            Connection connection,
            String name,
            RowShape shape,
            long rows,
            int rowsPerTransaction,
            boolean oneTransaction,
            int drains)
            throws SQLException {
        String table = "bench_" + name;
        Backlog backlog = new Backlog(
                "public." + table,
                table + "_pub",
                table + "_limit",
                IntStream.range(0, drains)
                        .mapToObj(drain -> table + "_slot" + drain)
                        .toList(),
                rows / rowsPerTransaction * rowsPerTransaction);
        backlog.drop(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute(shape.createTable(table));
            statement.execute("CREATE PUBLICATION " + backlog.publication + " FOR TABLE " + table);
            for (String slot : backlog.allSlots()) {
                statement.execute("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(slot));
            }
            statement.execute(shape.fill(table, rowsPerTransaction));
            statement.execute("SET synchronous_commit = off");
            statement.execute("CALL bench_fill(%d, %b)".formatted(rows / rowsPerTransaction, !oneTransaction));
            statement.execute("CHECKPOINT");
        }
        return backlog;
    }

    private List<String> allSlots() {
        return Stream.concat(Stream.of(limitSlot), slots.stream()).toList();
    }

    /** Removes what {@link #write} made, if it is there. */
    void drop(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : allSlots()) {
                try (ResultSet found = statement.executeQuery(
                        "SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + each + "' AND NOT active")) {
                    if (!found.next()) {
                        continue;
                    }
                }
                statement.execute("SELECT pg_drop_replication_slot('" + each + "')");
            }
            statement.execute("DROP PUBLICATION IF EXISTS " + publication);
            statement.execute("DROP TABLE IF EXISTS " + table);
        }
    }
}
