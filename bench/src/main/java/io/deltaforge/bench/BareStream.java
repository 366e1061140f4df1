package io.deltaforge.bench;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/** The limit: a slot's changes read and thrown away. */
final class BareStream {
    private BareStream() {}

    /**
     * Reads until {@code rows} row messages have passed; nothing is confirmed, so the slot stays as it was.
     *
     * @return from the first row to the last: what the server does before the first is not the stream's speed
     */
    static Duration read(String jdbcUrl, String slot, String publication, long rows) throws SQLException {
        try (Connection connection = connect(jdbcUrl);
                PGReplicationStream stream = open(connection, slot, publication)) {
            long seen = 0;
            long startNanos = 0;
            while (seen < rows) {
                ByteBuffer message = stream.readPending(); // waits a millisecond for data, as our source does
                if (message != null && isRow(message.get(message.position())) && ++seen == 1) {
                    startNanos = System.nanoTime();
                }
            }
            return Duration.ofNanos(System.nanoTime() - startNanos);
        }
    }

    static Connection connect(String jdbcUrl) throws SQLException {
        Properties properties = new Properties();
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
        return DriverManager.getConnection(jdbcUrl, properties);
    }

    static PGReplicationStream open(Connection connection, String slot, String publication) throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(slot)
                .withSlotOption("proto_version", 1)
                .withSlotOption("publication_names", publication)
                .start();
    }

    private static boolean isRow(byte type) {
        return type == 'I' || type == 'U' || type == 'D';
    }
}
