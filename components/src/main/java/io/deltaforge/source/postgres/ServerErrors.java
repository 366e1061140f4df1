package io.deltaforge.source.postgres;

import io.deltaforge.spi.Failure;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts errors of the server and of the way to it into the kinds on which the engine acts, with what mends them. Classes and
 * codes are those of the PostgreSQL manual, "PostgreSQL Error Codes".
 */
final class ServerErrors {
    private static final Logger log = LoggerFactory.getLogger(ServerErrors.class);

    static final String QUERY_CANCELED = "57014";

    /** What to do about changes that were written while there was no publication. */
    static final String SKIPPED =
            "Changes that were written while the publication did not exist cannot be had any more."
                    + " To go on without them: SELECT pg_replication_slot_advance('<slot>', pg_current_wal_lsn()); and start once"
                    + " with on_missing_slot: recreate.";

    private final String where;
    private final String role;
    private final String database;

    ServerErrors(Dsn dsn) {
        this.where = "PostgreSQL at " + dsn;
        this.role = Sql.identifier(dsn.user());
        this.database = dsn.database();
    }

    Connection connect(Dsn dsn, Properties properties) throws Failure {
        try {
            Connection connection = new Driver().connect(dsn.jdbcUrl(), properties);
            if (connection == null) {
                throw new IllegalStateException("the driver refuses its own kind of URL");
            }
            return connection;
        } catch (SQLException e) {
            if (isTlsProblem(e)) {
                throw new Failure.Fatal(
                        text("connecting", e) + " Check sslmode, sslrootcert, sslcert and sslkey in the dsn.", e);
            }
            throw failure(e, "connecting");
        }
    }

    Failure failure(SQLException e, String doing) {
        return failure(
                e,
                doing,
                "The role needs the right to replicate: ALTER ROLE " + role
                        + " REPLICATION; (on Amazon RDS: GRANT rds_replication TO " + role + ";)");
    }

    /** @param whenDenied what to do when a right is missing */
    Failure failure(SQLException e, String doing, String whenDenied) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String text = text(doing, e);
        String mend = state.equals("42501") ? whenDenied : mend(state);
        String message = mend.isEmpty() ? text : text + " " + mend;
        return isTransient(state, e) ? new Failure.Retryable(message, e) : new Failure.Fatal(message, e);
    }

    Failure.Fatal fatal(String problem) {
        return new Failure.Fatal(where + ": " + problem);
    }

    private String mend(String state) {
        return switch (state) {
            case "28P01" ->
                "Correct the password in the dsn, or set it on the server: ALTER ROLE " + role + " PASSWORD '...';";
            case "28000" ->
                "The role must exist and be able to log in (CREATE ROLE " + role
                        + " LOGIN REPLICATION PASSWORD '...';), and pg_hba.conf must let it in from here; after a change"
                        + " there: SELECT pg_reload_conf();";
            case "3D000" -> "Correct the database in the dsn, or: CREATE DATABASE " + Sql.identifier(database) + ";";
            case "53400" ->
                "See who holds the slots: SELECT slot_name, active, database FROM pg_replication_slots; then drop what"
                        + " nobody needs: SELECT pg_drop_replication_slot('...'); or allow more, with a restart of the"
                        + " server: ALTER SYSTEM SET max_replication_slots = 20;";
            case "53300" ->
                "If it does not pass: SELECT pid, usename, application_name FROM pg_stat_replication; or allow more,"
                        + " with a restart of the server: ALTER SYSTEM SET max_wal_senders = 20; or max_connections.";
            case "25006" ->
                "This server is a standby or read-only: let the publication be created on its primary, or connect there.";
            case "55006" ->
                "Another process reads the slot; after a crash of ours the server notices within wal_sender_timeout."
                        + " If it is not another pipeline: SELECT pg_terminate_backend(<that PID>);";
            case "42704" -> "If the publication or the slot was dropped, create it again. " + SKIPPED;
            default -> "";
        };
    }

    /**
     * True when waiting can help. Connections and walsenders that are used up ({@code 53300}) come back, most often our own of
     * before a crash; slots that are used up ({@code 53400}) do not, because a slot outlives its reader.
     */
    private static boolean isTransient(String state, SQLException e) {
        if (serverMessage(e) == null) {
            // from the driver itself: it refuses what the server offers (no TLS, an unknown way to log in), or it lost
            // the
            // connection, whatever it was doing and whatever code it gives to that
            return !(state.equals("08004") || state.startsWith("28") || state.startsWith("22"));
        }
        return state.startsWith("08")
                || state.startsWith("40")
                || (state.startsWith("53") && !state.equals("53400"))
                || state.startsWith("57")
                || state.equals("55006")
                || state.equals("55P03")
                || state.equals("58030");
    }

    private String text(String doing, SQLException e) {
        StringBuilder text = new StringBuilder(where).append(": ").append(doing).append(": ");
        ServerErrorMessage server = serverMessage(e);
        if (server != null) {
            text.append(server.getMessage());
            if (server.getDetail() != null) {
                text.append(" (").append(server.getDetail()).append(')');
            }
        } else {
            text.append(e.getMessage());
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause.getMessage() != null && text.indexOf(cause.getMessage()) < 0) {
                    text.append(" (").append(cause.getMessage()).append(')');
                }
            }
        }
        if (text.charAt(text.length() - 1) != '.') {
            text.append('.');
        }
        return text.toString();
    }

    private static @Nullable ServerErrorMessage serverMessage(SQLException e) {
        return e instanceof PSQLException server ? server.getServerErrorMessage() : null;
    }

    /** Certificates and the like, which no waiting mends; not a connection that broke while TLS was being set up. */
    private static boolean isTlsProblem(SQLException e) {
        boolean tls = false;
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof EOFException
                    || cause instanceof SocketException
                    || cause instanceof SocketTimeoutException) {
                return false;
            }
            tls |= cause instanceof SSLException
                    || cause instanceof GeneralSecurityException
                    || cause instanceof FileNotFoundException
                    || cause instanceof FileSystemException;
        }
        // pgjdbc's error for a certificate of another host carries no cause, and its text depends on the language
        return tls || String.valueOf(e.getMessage()).contains("PgjdbcHostnameVerifier");
    }

    static void closeQuietly(@Nullable AutoCloseable closing) {
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (Exception e) {
            // given up anyway; whatever broke the connection was told when it broke
            log.debug("closing a connection: {}", e.toString());
        }
    }
}
