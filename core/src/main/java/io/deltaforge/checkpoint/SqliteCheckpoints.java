package io.deltaforge.checkpoint;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checkpoints in one SQLite file, in WAL mode and synced to disk at every save. */
public final class SqliteCheckpoints implements CheckpointStore {
    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS checkpoints (
                pipeline TEXT NOT NULL, source TEXT NOT NULL, sink TEXT NOT NULL,
                position TEXT NOT NULL, saved_at TEXT NOT NULL,
                PRIMARY KEY (pipeline, source, sink)
            ) WITHOUT ROWID
            """;
    private static final String LOAD =
            "SELECT position FROM checkpoints WHERE pipeline = ? AND source = ? AND sink = ?";
    private static final String SAVE = """
            INSERT INTO checkpoints (pipeline, source, sink, position, saved_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET position = excluded.position, saved_at = excluded.saved_at
            """;

    private final Path file;
    private final InstantSource clock;
    private final Connection connection;

    /** Opens the file, creating it when it is missing. */
    public SqliteCheckpoints(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                // FULL syncs the log at every commit; NORMAL would lose the last saves in a power cut
                statement.execute("PRAGMA synchronous = FULL");
                statement.execute("PRAGMA busy_timeout = 5000");
                statement.execute(SCHEMA);
            }
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw failed("open", e);
        }
    }

    @Override
    public synchronized @Nullable String load(CheckpointKey key) {
        try (PreparedStatement statement = connection.prepareStatement(LOAD)) {
            bind(statement, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            } finally {
                connection.commit();
            }
        } catch (SQLException e) {
            throw failed("read", e);
        }
    }

    @Override
    public synchronized void save(Map<CheckpointKey, String> positions) {
        try (PreparedStatement statement = connection.prepareStatement(SAVE)) {
            for (Map.Entry<CheckpointKey, String> checkpoint : positions.entrySet()) {
                bind(statement, checkpoint.getKey());
                statement.setString(4, checkpoint.getValue());
                statement.setString(5, clock.instant().toString());
                statement.executeUpdate();
            }
            connection.commit();
        } catch (SQLException e) {
            rollback(e);
            throw failed("write", e);
        }
    }

    private static void bind(PreparedStatement statement, CheckpointKey key) throws SQLException {
        statement.setString(1, key.pipeline());
        statement.setString(2, key.source());
        statement.setString(3, key.sink());
    }

    private void rollback(SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("close", e);
        }
    }

    private CheckpointException failed(String what, SQLException e) {
        return new CheckpointException("cannot " + what + " the checkpoints in " + file + ": " + e.getMessage(), e);
    }
}
