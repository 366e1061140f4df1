package io.deltaforge.source.postgres;

import io.deltaforge.spi.Failure;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** A connection on which the server sends the changes of one slot. */
record ReplicationConnection(Connection connection, PGReplicationStream stream) implements AutoCloseable {

    /**
     * How long the server may be silent in the middle of a message, or while it answers a command. pgjdbc takes the shorter of
     * its socket timeout and its status interval for both, so the status itself is sent by {@link ReplicationStream}.
     */
    private static final int SILENCE_SECONDS = 10;

    /** What {@link io.deltaforge.event.DataType.Kind} promises of text forms, whatever the server, database or role says. */
    private static final List<String> TEXT_FORMS = List.of(
            "DateStyle = 'ISO, YMD'",
            "IntervalStyle = 'postgres'",
            "TimeZone = 'UTC'",
            "extra_float_digits = 3",
            "bytea_output = 'hex'",
            "search_path = ''");

    static ReplicationConnection open(
            PostgresSourceConfig config, Dsn dsn, ServerErrors errors, PgPosition start, int serverVersion)
            throws Failure {
        Properties properties = dsn.properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.SOCKET_TIMEOUT.set(properties, SILENCE_SECONDS);
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
        Connection connection = errors.connect(dsn, properties);
        try {
            // pgjdbc sends a time zone of its own, which wins over one given in `options`
            try (var statement = connection.createStatement()) {
                for (String setting : TEXT_FORMS) {
                    statement.execute("SET " + setting);
                }
            }
            return new ReplicationConnection(connection, stream(config, connection, start, serverVersion));
        } catch (SQLException e) {
            ServerErrors.closeQuietly(connection);
            throw errors.failure(e, "starting replication from slot " + config.slot() + " at " + start);
        }
    }

    private static PGReplicationStream stream(
            PostgresSourceConfig config, Connection connection, PgPosition start, int serverVersion)
            throws SQLException {
        // pgjdbc puts names and values into the command as they are
        var builder = connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(Sql.identifier(config.slot()))
                .withStartPosition(LogSequenceNumber.valueOf(start.lsn()))
                .withAutomaticFlush(false)
                .withStatusInterval(SILENCE_SECONDS, TimeUnit.SECONDS)
                .withSlotOption("proto_version", "1")
                .withSlotOption(
                        "publication_names",
                        Sql.identifier(config.publication()).replace("'", "''"));
        if (serverVersion >= 140_000) {
            builder.withSlotOption("messages", "true");
        }
        return builder.start();
    }

    @Override
    public void close() {
        ServerErrors.closeQuietly(connection);
    }
}
