package io.deltaforge.source.postgres;

import io.deltaforge.sandbox.PostgresServer;
import io.deltaforge.spi.Secret;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A fresh database, with its own slot and publication, on a server that all tests of this package share. */
final class TestDatabase implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** Started at the first use; it ends with the JVM. */
    private static final class Shared {
        static final PostgresServer SERVER = PostgresServer.start();
    }

    private final PostgresServer server;
    private final String name = "capture_" + NUMBER.incrementAndGet();

    TestDatabase(String... sql) throws SQLException {
        this(Shared.SERVER, sql);
    }

    TestDatabase(PostgresServer server, String... sql) throws SQLException {
        this.server = server;
        server.createDatabase(name);
        execute(sql);
    }

    PostgresServer server() {
        return server;
    }

    String name() {
        return name;
    }

    void execute(String... sql) throws SQLException {
        server.executeIn(name, sql);
    }

    String one(String sql) throws SQLException {
        return server.queryIn(name, sql, row -> row.getString(1)).getFirst();
    }

    String slot() {
        return name + "_slot";
    }

    String publication() {
        return name + "_pub";
    }

    PgPosition confirmed() throws SQLException {
        return PgPosition.parse(
                one("SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '" + slot() + "'"));
    }

    PgPosition logEnd() throws SQLException {
        return PgPosition.parse(one("SELECT pg_current_wal_lsn()"));
    }

    PostgresSourceConfig config(String... tables) {
        return config(server.dsn(name), new StartPosition.Earliest(), tables);
    }

    PostgresSourceConfig config(String dsn, StartPosition start, String... tables) {
        return new PostgresSourceConfig(
                "shop",
                new Secret(dsn),
                slot(),
                publication(),
                List.of(tables),
                start,
                true,
                PostgresSourceConfig.OnMissingSlot.FAIL);
    }

    /** A source on {@link #config(String...)} that has started. */
    RunningSource capture(String... tables) {
        return new RunningSource(config(tables), new RecordingFeed()).awaitStarted();
    }

    @Override
    public void close() throws SQLException {
        server.dropDatabase(name);
    }
}
