package io.deltaforge.reliability;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The dead letters of a data directory's pipelines: one SQLite file in WAL mode, synced at every write, which a running
 * pipeline and the command line may have open at once. Thread-safe.
 */
public final class Journal implements AutoCloseable {
    private static final List<String> SCHEMA = List.of("""
            CREATE TABLE IF NOT EXISTS pipelines (
                name TEXT NOT NULL PRIMARY KEY, process INTEGER NOT NULL, started_ms INTEGER NOT NULL
            ) WITHOUT ROWID
            """, """
            CREATE TABLE IF NOT EXISTS dead_letters (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                pipeline TEXT NOT NULL, sink TEXT NOT NULL, source TEXT NOT NULL,
                event_id TEXT NOT NULL, kind TEXT NOT NULL,
                position TEXT NOT NULL, source_table TEXT, op TEXT, reason TEXT NOT NULL,
                destination TEXT, partition INTEGER, key BLOB, value BLOB, headers BLOB NOT NULL,
                payload_bytes INTEGER NOT NULL, key_is_whole INTEGER NOT NULL, truncation TEXT, event BLOB,
                attempts INTEGER NOT NULL, first_failed_ms INTEGER NOT NULL, last_failed_ms INTEGER NOT NULL,
                request INTEGER NOT NULL DEFAULT 0, wanted INTEGER NOT NULL DEFAULT 0,
                new_value BLOB, new_destination TEXT,
                UNIQUE (pipeline, sink, source, event_id, kind)
            )
            """, """
            CREATE INDEX IF NOT EXISTS wanted_letters ON dead_letters (pipeline, sink) WHERE wanted = 1
            """, """
            CREATE TABLE IF NOT EXISTS replayed (id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL)
            """);

    /** {@code tries}: how often an entry was sent again by itself. {@code parked}: not any more. */
    private static final List<String> LATER_COLUMNS =
            List.of("tries INTEGER NOT NULL DEFAULT 0", "parked INTEGER NOT NULL DEFAULT 0");

    private final Path file;
    private final Connection connection;

    /** Work on the file. */
    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    /**
     * Opens the file, creating it for its owner alone when it is missing.
     *
     * @throws JournalException when it cannot be opened
     */
    public Journal(Path file) {
        this.file = file;
        createForOwner(file);
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 5000");
                // what was removed frees its space and does not linger in it
                statement.execute("PRAGMA auto_vacuum = FULL");
                statement.execute("PRAGMA secure_delete = ON");
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                for (String table : SCHEMA) {
                    statement.execute(table);
                }
            }
            addColumns();
        } catch (SQLException e) {
            throw new JournalException("cannot open the journal " + file, e);
        }
    }

    /** Those that files of earlier versions do not have; another process may be about to do the same. */
    private void addColumns() throws SQLException {
        execute("BEGIN IMMEDIATE");
        boolean done = false;
        try {
            for (String column : LATER_COLUMNS) {
                if (!hasColumn(column.split(" ", 2)[0])) {
                    execute("ALTER TABLE dead_letters ADD COLUMN " + column);
                }
            }
            execute(
                    "CREATE INDEX IF NOT EXISTS unparked_letters ON dead_letters (pipeline, sink, id) WHERE parked = 0");
            execute("COMMIT");
            done = true;
        } finally {
            if (!done) {
                execute("ROLLBACK");
            }
        }
    }

    private boolean hasColumn(String name) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM pragma_table_info('dead_letters') WHERE name = ?")) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /** SQLite gives the files beside it the same rights. */
    private static void createForOwner(Path file) {
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
        } catch (FileAlreadyExistsException e) {
            // an earlier run made it
        } catch (IOException e) {
            throw new JournalException("cannot create the journal " + file, new SQLException(e));
        }
    }

    /** Notes that this process runs the pipeline from now on. */
    public void started(String pipeline, long process, long atMillis) {
        write(connection -> {
            try (var statement = connection.prepareStatement(
                    "INSERT OR REPLACE INTO pipelines (name, process, started_ms) VALUES (?, ?, ?)")) {
                statement.setString(1, pipeline);
                statement.setLong(2, process);
                statement.setLong(3, atMillis);
                return statement.executeUpdate();
            }
        });
    }

    synchronized <T> T read(Work<T> work) {
        try {
            return work.in(connection);
        } catch (SQLException e) {
            throw new JournalException("cannot read the journal " + file, e);
        }
    }

    /** All of it, durably, or nothing. */
    synchronized <T> T write(Work<T> work) {
        try {
            // IMMEDIATE waits for the other process here, where nothing has been read yet that could change meanwhile
            execute("BEGIN IMMEDIATE");
            boolean done = false;
            try {
                T result = work.in(connection);
                execute("COMMIT");
                done = true;
                return result;
            } finally {
                if (!done) {
                    execute("ROLLBACK");
                }
            }
        } catch (SQLException e) {
            throw new JournalException("cannot write the journal " + file, e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new JournalException("cannot close the journal " + file, e);
        }
    }
}
