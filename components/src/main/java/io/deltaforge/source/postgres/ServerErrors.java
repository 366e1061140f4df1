package io.deltaforge.source.postgres;

import io.deltaforge.spi.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** Puts the server's errors into the kinds on which the engine acts, with the SQL that mends them. */
final class ServerErrors {
    private final String where;

    ServerErrors(Dsn dsn) {
        this.where = "PostgreSQL at " + dsn;
    }

    Connection connect(Dsn dsn, Properties properties) throws Failure {
        try {
            Connection connection = new Driver().connect(dsn.jdbcUrl(), properties);
            if (connection == null) {
                throw new IllegalStateException("the driver refuses its own kind of URL");
            }
            return connection;
        } catch (SQLException e) {
            throw failure(e, "connecting");
        }
    }

    Failure failure(SQLException e, String doing) {
        String state = e.getSQLState();
        String message = where + ": " + doing + ": " + e.getMessage();
        if (state == null
                || state.startsWith("08")
                || state.startsWith("57")
                || state.startsWith("53")
                || state.equals("55006")) {
            return new Failure.Retryable(message, e);
        }
        return new Failure.Fatal(message, e);
    }

    Failure.Fatal fatal(String problem) {
        return new Failure.Fatal(where + ": " + problem);
    }

    static void closeQuietly(@Nullable AutoCloseable closing) {
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (Exception e) {
            // it is given up anyway, and whatever broke it was already told
        }
    }
}
