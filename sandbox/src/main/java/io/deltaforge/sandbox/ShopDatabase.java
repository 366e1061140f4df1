package io.deltaforge.sandbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;

/** The shop in a database of its own, and the trade in it. Safe for use by several threads. */
public final class ShopDatabase {
    private static final String NAME = "shop";

    private final PostgresServer server;
    private final String serverVersion;
    private final ShopWorkload workload;

    private ShopDatabase(PostgresServer server, String serverVersion) {
        this.server = server;
        this.serverVersion = serverVersion;
        this.workload = new ShopWorkload(() -> server.connect(NAME), new Random());
    }

    /**
     * Creates the database and its tables unless they exist. The tables that see updates log whole rows (replica
     * identity full), so that events have a before.
     */
    public static ShopDatabase open(PostgresServer server) {
        try {
            if (server.query("SELECT 1 FROM pg_database WHERE datname = '" + NAME + "'", row -> row.getInt(1))
                    .isEmpty()) {
                server.createDatabase(NAME);
            }
            try (Connection connection = server.connect(NAME)) {
                if (!exists(connection, "SELECT 1 FROM pg_tables WHERE tablename = 'payments'")) {
                    createTables(connection);
                }
            }
            return new ShopDatabase(server, server.version());
        } catch (SQLException e) {
            throw failed("create the shop's tables", e);
        }
    }

    /** Of PostgreSQL, as in {@code 18.6}. */
    public String serverVersion() {
        return serverVersion;
    }

    /** Of the form {@code postgres://user:password@host:port/shop}. */
    public String dsn() {
        return server.dsn(NAME);
    }

    /** With user and password in it. */
    public String jdbcUrl() {
        return server.jdbcUrl(NAME);
    }

    /** Waits until the slot is being read; false when it was not within {@code patience}. */
    public boolean awaitReaderOf(String slot, Duration patience) {
        Deadline deadline = Deadline.in(patience);
        try (Connection connection = server.connect(NAME)) {
            String active = "SELECT 1 FROM pg_replication_slots WHERE active AND slot_name = '" + slot + "'";
            while (!exists(connection, active)) {
                if (!deadline.pause()) {
                    return false;
                }
            }
            return true;
        } catch (SQLException e) {
            throw failed("look at the slot " + slot, e);
        }
    }

    /** Begins to trade, once. */
    public void startTrade(double transactionsPerSecond) {
        workload.start(transactionsPerSecond);
    }

    /** What the trade has committed since it began. */
    public ShopTotals totals() {
        return workload.totals();
    }

    /** Whether a change is the trade's and not someone else's; see {@link ShopWorkload#wrote}. */
    public boolean traded(long transactionId) {
        return workload.wrote(transactionId);
    }

    /** Waits for the transaction under way. */
    public void stopTrade() {
        try {
            workload.stop();
        } catch (SQLException e) {
            throw failed("trade", e);
        }
    }

    private static void createTables(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Shop.createSchema(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE customers REPLICA IDENTITY FULL");
            statement.execute("ALTER TABLE orders REPLICA IDENTITY FULL");
        }
        connection.commit();
    }

    private static boolean exists(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }

    private static IllegalStateException failed(String what, SQLException e) {
        return new IllegalStateException("cannot " + what + ": " + e.getMessage(), e);
    }
}
