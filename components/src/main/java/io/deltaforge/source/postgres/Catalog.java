package io.deltaforge.source.postgres;

import io.deltaforge.spi.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/**
 * Questions to the server over an ordinary connection, opened at the first one. Confined to the source thread.
 *
 * <p>No answer may take longer than {@link #TIMEOUT_SECONDS}: it doubles as the proof that the server is still there.
 */
final class Catalog implements AutoCloseable {
    static final int TIMEOUT_SECONDS = 15;

    private final Dsn dsn;
    private final ServerErrors errors;
    private @Nullable Connection connection;
    private @Nullable PreparedStatement logEnd;

    Catalog(Dsn dsn, ServerErrors errors) {
        this.dsn = dsn;
        this.errors = errors;
    }

    /** Reads one row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** All rows of a query; parameters are texts, numbers or arrays of text. */
    <T> List<T> query(String doing, String sql, RowReader<T> reader, Object... parameters) throws Failure {
        try (PreparedStatement statement = connection().prepareStatement(sql)) {
            bind(statement, parameters);
            try (ResultSet result = statement.executeQuery()) {
                List<T> rows = new ArrayList<>();
                while (result.next()) {
                    rows.add(reader.read(result));
                }
                return rows;
            }
        } catch (SQLException e) {
            throw errors.failure(e, doing);
        }
    }

    /** The first row of a query, or {@code null} when there is none. */
    <T> @Nullable T first(String doing, String sql, RowReader<T> reader, Object... parameters) throws Failure {
        List<T> rows = query(doing, sql, reader, parameters);
        return rows.isEmpty() ? null : rows.getFirst();
    }

    /**
     * Runs a statement that returns nothing.
     *
     * @param whenDenied what to do when a right is missing
     */
    void execute(String doing, String sql, String whenDenied) throws Failure {
        try (var statement = connection().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw errors.failure(e, doing, whenDenied);
        }
    }

    private static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            Object parameter = parameters[i];
            if (parameter instanceof List<?> texts) {
                statement.setArray(i + 1, statement.getConnection().createArrayOf("text", texts.toArray()));
            } else {
                statement.setObject(i + 1, parameter);
            }
        }
    }

    /** Where the server's log ends, on a standby where it was replayed to. */
    long logEnd() throws Failure {
        String doing = "asking how far the log goes";
        try {
            PreparedStatement statement = logEnd;
            if (statement == null) {
                statement = connection()
                        .prepareStatement("SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()"
                                + " ELSE pg_current_wal_flush_lsn() END::text");
                logEnd = statement;
            }
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return PgPosition.parse(result.getString(1)).lsn();
            }
        } catch (SQLException e) {
            throw errors.failure(e, doing);
        }
    }

    /** The value of a setting. */
    String setting(String name) throws Failure {
        String value =
                first("asking for the setting " + name, "SELECT current_setting(?)", row -> row.getString(1), name);
        return value == null ? "" : value;
    }

    private Connection connection() throws Failure {
        Connection current = connection;
        if (current == null) {
            Properties properties = dsn.properties();
            PGProperty.SOCKET_TIMEOUT.set(properties, TIMEOUT_SECONDS);
            current = errors.connect(dsn, properties);
            connection = current;
            try (var statement = current.createStatement()) {
                // so that the server names every type and table with its schema
                statement.execute("SET search_path = ''");
                // a new slot waits for open transactions, a new publication for locks: rather ask again than hang
                statement.execute("SET statement_timeout = '10s'");
            } catch (SQLException e) {
                throw errors.failure(e, "connecting");
            }
        }
        return current;
    }

    @Override
    public void close() {
        Connection closing = connection;
        connection = null;
        logEnd = null;
        ServerErrors.closeQuietly(closing);
    }
}
