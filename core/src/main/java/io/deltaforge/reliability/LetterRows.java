package io.deltaforge.reliability;

import io.deltaforge.spi.DeadLetter;
import io.deltaforge.spi.Rendered;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Entries as rows of the journal's table. */
final class LetterRows {
    static final String COLUMNS = """
            id, pipeline, source, sink, event_id, position, source_table, op, kind, reason, destination, partition, key, value, headers,
            payload_bytes, key_is_whole, truncation, attempts, first_failed_ms, last_failed_ms, request,
            wanted, event IS NOT NULL AS has_event, tries, parked
            """;

    static final String COLUMNS_WITHOUT_VALUE =
            COLUMNS.replace("value, headers", "NULL AS value, X'' AS headers").replace("\n", " ");

    private static final String ADD = """
            INSERT INTO dead_letters (pipeline, source, sink, event_id, position, source_table, op, kind, reason, destination,
                partition, key, value, headers, payload_bytes, key_is_whole, truncation, attempts, first_failed_ms,
                last_failed_ms, event)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (pipeline, sink, source, event_id, kind) DO UPDATE SET
                reason = excluded.reason, attempts = attempts + 1, last_failed_ms = excluded.last_failed_ms
            """;

    private LetterRows() {}

    /** A letter that is there already gets an attempt more. */
    static void add(Connection connection, DeadLetter letter, byte @Nullable [] event) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            DeadLetter.Origin origin = letter.origin();
            Rendered record = letter.payload().record();
            statement.setString(1, origin.pipeline());
            statement.setString(2, origin.source());
            statement.setString(3, origin.sink());
            statement.setString(4, origin.eventId());
            statement.setString(5, origin.position());
            statement.setString(6, origin.table());
            statement.setString(7, origin.op());
            statement.setString(8, letter.cause().kind());
            statement.setString(9, letter.cause().reason());
            statement.setString(10, record.destination());
            if (record.partition() == null) {
                statement.setNull(11, Types.INTEGER);
            } else {
                statement.setInt(11, record.partition());
            }
            statement.setBytes(12, record.key());
            statement.setBytes(13, record.value());
            statement.setBytes(14, bytes(record.headers()));
            statement.setLong(15, letter.payload().bytes());
            statement.setBoolean(16, letter.payload().keyIsWhole());
            statement.setString(17, letter.payload().truncation());
            statement.setInt(18, letter.attempts().count());
            statement.setLong(19, letter.attempts().first().toEpochMilli());
            statement.setLong(20, letter.attempts().last().toEpochMilli());
            statement.setBytes(21, event);
            statement.executeUpdate();
        }
    }

    static int count(Connection connection, String pipeline) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT COUNT(*) FROM dead_letters WHERE pipeline = ?")) {
            statement.setString(1, pipeline);
            try (ResultSet row = statement.executeQuery()) {
                return row.getInt(1);
            }
        }
    }

    /** Returns how many were removed of each sink. */
    static Map<String, Integer> removeOldest(Connection connection, String pipeline, int entries) throws SQLException {
        return remove(
                connection,
                "id IN (SELECT id FROM dead_letters WHERE pipeline = ? ORDER BY id LIMIT ?)",
                pipeline,
                entries);
    }

    /** Returns how many were removed of each sink: those that failed last before this time. */
    static Map<String, Integer> removeOlder(Connection connection, String pipeline, long beforeMillis)
            throws SQLException {
        return remove(connection, "pipeline = ? AND last_failed_ms < ?", pipeline, beforeMillis);
    }

    private static Map<String, Integer> remove(Connection connection, String which, String pipeline, long bound)
            throws SQLException {
        Map<String, Integer> removed = new TreeMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM dead_letters WHERE " + which + " RETURNING sink")) {
            statement.setString(1, pipeline);
            statement.setLong(2, bound);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    removed.merge(row.getString(1), 1, Integer::sum);
                }
            }
        }
        return removed;
    }

    /** @param row of {@link #COLUMNS} */
    static StoredLetter letter(ResultSet row) throws SQLException {
        int partition = row.getInt("partition");
        Integer knownPartition = row.wasNull() ? null : partition;
        DeadLetter letter = new DeadLetter(
                new DeadLetter.Origin(
                        row.getString("pipeline"),
                        row.getString("source"),
                        row.getString("sink"),
                        row.getString("event_id"),
                        row.getString("position"),
                        row.getString("source_table"),
                        row.getString("op")),
                new DeadLetter.Cause(row.getString("kind"), row.getString("reason")),
                new DeadLetter.Payload(
                        new Rendered(
                                row.getString("destination"),
                                knownPartition,
                                row.getBytes("key"),
                                row.getBytes("value"),
                                headers(row.getBytes("headers"))),
                        row.getLong("payload_bytes"),
                        row.getBoolean("key_is_whole"),
                        row.getString("truncation")),
                new DeadLetter.Attempts(
                        row.getInt("attempts"),
                        Instant.ofEpochMilli(row.getLong("first_failed_ms")),
                        Instant.ofEpochMilli(row.getLong("last_failed_ms"))));
        return new StoredLetter(
                row.getLong("id"),
                letter,
                row.getLong("request"),
                row.getBoolean("wanted"),
                row.getBoolean("has_event"),
                row.getInt("tries"),
                row.getBoolean("parked"));
    }

    /** Each: the name, its value's length, its value. */
    private static byte[] bytes(List<Rendered.Header> headers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Rendered.Header header : headers) {
                out.writeUTF(header.name());
                out.writeInt(header.value().length);
                out.write(header.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static List<Rendered.Header> headers(byte[] bytes) {
        List<Rendered.Header> headers = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            while (in.available() > 0) {
                String name = in.readUTF();
                headers.add(new Rendered.Header(name, in.readNBytes(in.readInt())));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return headers;
    }
}
