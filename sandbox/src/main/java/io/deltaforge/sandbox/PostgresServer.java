package io.deltaforge.sandbox;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server with {@code wal_level=logical} on a free loopback port, in a directory of its own; it ends with
 * this JVM, however that ends. Or, for a start without options, the existing server that the system property or the
 * environment variable {@value #EXISTING} gives as a DSN. Safe for use by several threads.
 */
public final class PostgresServer implements AutoCloseable {
    /** Names the DSN of an existing server, of a superuser. */
    public static final String EXISTING = "DELTAFORGE_TEST_POSTGRES_URL";

    private final PostgresAddress address;
    private final @Nullable PostgresProcess process;
    private final List<String> created = new ArrayList<>();

    private PostgresServer(PostgresAddress address, @Nullable PostgresProcess process) {
        this.address = address;
        this.process = process;
    }

    /** The existing server if one is given, else one of our own in a temporary directory. */
    public static PostgresServer start() {
        return existing().map(PostgresServer::at).orElseGet(() -> start(PostgresOptions.defaults()));
    }

    /** A server of our own; a directory that holds a server's data already is continued. */
    public static PostgresServer start(PostgresOptions options) {
        PostgresProcess process = new PostgresProcess(options);
        return new PostgresServer(
                new PostgresAddress(
                        "127.0.0.1", process.port(), PostgresProcess.USER, PostgresProcess.PASSWORD, "postgres", ""),
                process);
    }

    /**
     * An existing server, of {@code postgres://user:password@host:port/database}; {@link #close} leaves it running.
     *
     * @throws IllegalArgumentException when the text is not of that form
     */
    public static PostgresServer at(String dsn) {
        return new PostgresServer(PostgresAddress.parse(dsn), null);
    }

    /** Of the form {@code postgres://user:password@host:port/postgres}. */
    public String dsn() {
        return address.dsn();
    }

    public String dsn(String database) {
        return address.withDatabase(database).dsn();
    }

    /** With user and password in it. */
    public String jdbcUrl() {
        return address.jdbcUrl();
    }

    public String jdbcUrl(String database) {
        return address.withDatabase(database).jdbcUrl();
    }

    /** The server's, as in {@code 18.6}. */
    public String version() throws SQLException {
        return query("SHOW server_version", row -> row.getString(1)).getFirst();
    }

    public String host() {
        return address.host();
    }

    public int port() {
        return address.port();
    }

    /** A new connection, the caller's to close. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl());
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database));
    }

    /** Runs each statement on its own, in autocommit, on one connection. */
    public void execute(String... sql) throws SQLException {
        executeIn(address.database(), sql);
    }

    public void executeIn(String database, String... sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String one : sql) {
                statement.execute(one);
            }
        }
    }

    /** All rows of a query, each as {@code read} makes it. */
    public <T> List<T> query(String sql, RowReader<T> read) throws SQLException {
        return queryIn(address.database(), sql, read);
    }

    public <T> List<T> queryIn(String database, String sql, RowReader<T> read) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(sql)) {
            while (results.next()) {
                rows.add(read.read(results));
            }
        }
        return rows;
    }

    /** Makes an empty database, so that tests on one server do not see one another. */
    public synchronized void createDatabase(String name) throws SQLException {
        execute("CREATE DATABASE " + quoted(name));
        created.add(name);
    }

    /** Drops a database with its slots and connections. */
    public synchronized void dropDatabase(String name) throws SQLException {
        String mine = "database = '" + name.replace("'", "''") + "'";
        execute(
                "SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE active AND " + mine,
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE " + mine,
                "DROP DATABASE IF EXISTS " + quoted(name) + " WITH (FORCE)");
        created.remove(name);
    }

    /** A fast shutdown. Not for an existing server, like all that follows. */
    public synchronized void stop() {
        own().stop();
    }

    /** An immediate shutdown, which leaves the data as a crash would. */
    public synchronized void kill() {
        own().kill();
    }

    /** Starts after a stop or a kill, with the same data and on the same port. */
    public synchronized void startAgain() {
        own().start();
    }

    /** Stops and starts. */
    public synchronized void restart() {
        stop();
        startAgain();
    }

    /** The process id of our running server. */
    public synchronized long pid() {
        return own().pid();
    }

    /** Ends our own server; on an existing one, drops the databases that were created through this object. */
    @Override
    public synchronized void close() {
        if (process != null) {
            process.close();
            return;
        }
        try {
            for (String name : List.copyOf(created)) {
                dropDatabase(name);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot drop the databases made on " + address, e);
        }
    }

    /** Makes a value of the row at which the results stand. */
    @FunctionalInterface
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private PostgresProcess own() {
        if (process == null) {
            throw new UnsupportedOperationException(address + " is an existing server: not ours to stop and start");
        }
        return process;
    }

    private static Optional<String> existing() {
        String property = System.getProperty(EXISTING, "");
        String dsn = property.isEmpty() ? System.getenv().getOrDefault(EXISTING, "") : property;
        return dsn.isEmpty() ? Optional.empty() : Optional.of(dsn);
    }

    private static String quoted(String identifier) {
        return "\"" + identifier.replace("\"", "\"\"") + "\"";
    }
}
