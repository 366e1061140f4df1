package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A workload that remembers what the database confirmed: accounts whose version grows by one with every change, in
 * transactions over several accounts. Every confirmed change must be in the topic, and per account in the order of its
 * versions.
 */
final class Ledger {
    static final String TABLE = "CREATE TABLE accounts (id int PRIMARY KEY, version int NOT NULL, note text)";

    private static final int ACCOUNTS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random;
    private final Map<Integer, Integer> versions = new HashMap<>();
    private final Map<Integer, Integer> confirmed = new HashMap<>();
    /** By the place in the log where a transaction had just ended: what was confirmed then. Thread-safe. */
    private final ConcurrentSkipListMap<Long, Map<Integer, Integer>> confirmedAt = new ConcurrentSkipListMap<>();

    private long confirmedChanges;

    Ledger(long seed) {
        random = new Random(seed);
    }

    long confirmedChanges() {
        return confirmedChanges;
    }

    /** Commits one transaction of 1 to 20 changes. */
    void trade(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Map<Integer, Integer> changed = new HashMap<>();
        int changes = 1 + random.nextInt(20);
        try (PreparedStatement upsert = connection.prepareStatement(
                "INSERT INTO accounts VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version, note ="
                        + " excluded.note")) {
            for (int i = 0; i < changes; i++) {
                int account = random.nextInt(ACCOUNTS);
                int version = versions.merge(account, 1, Integer::sum);
                changed.put(account, version);
                upsert.setInt(1, account);
                upsert.setInt(2, version);
                upsert.setString(3, "note ".repeat(random.nextInt(50)));
                upsert.executeUpdate();
            }
        }
        connection.commit();
        confirmed.putAll(changed);
        confirmedChanges += changes;
    }

    /** Remembers how far the log has come with what is confirmed; returns that place. */
    String bookmark(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn()")) {
            row.next();
            String lsn = row.getString(1);
            connection.commit();
            confirmedAt.put(number(lsn), Map.copyOf(confirmed));
            return lsn;
        }
    }

    /**
     * Lists what a checkpoint covers and the topic does not hold. May be called while others trade.
     *
     * @param checkpoint read before the records were
     */
    List<String> uncovered(String checkpoint, List<ConsumerRecord<byte[], byte[]>> records) {
        Map.Entry<Long, Map<Integer, Integer>> covered = confirmedAt.floorEntry(number(checkpoint));
        if (covered == null) {
            return List.of();
        }
        Map<Integer, Integer> held = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            JsonNode after = read(record.value()).get("after");
            held.merge(after.get("id").intValue(), after.get("version").intValue(), Math::max);
        }
        List<String> wrong = new ArrayList<>();
        covered.getValue().forEach((account, version) -> {
            if (held.getOrDefault(account, 0) < version) {
                wrong.add("checkpoint " + checkpoint + " covers version " + version + " of account " + account
                        + ", the topic holds " + held.get(account));
            }
        });
        return wrong;
    }

    /** True when a checkpoint lies before a place in the log; an empty one does. */
    static boolean isBefore(String checkpoint, String lsn) {
        return checkpoint.isEmpty() || number(checkpoint) < number(lsn);
    }

    private static long number(String lsn) {
        int slash = lsn.indexOf('/');
        return Long.parseLong(lsn.substring(0, slash), 16) << 32 | Long.parseLong(lsn.substring(slash + 1), 16);
    }

    /**
     * Reads the topic as a consumer that drops replays by their event id, and lists everything that is wrong.
     *
     * @param records in the order of each partition
     */
    List<String> violations(List<ConsumerRecord<byte[], byte[]>> records) {
        return violationsOf(records.stream()
                .map(record -> new Change(eventId(record), read(record.value()).get("after")))
                .toList());
    }

    /** The same for files of JSON lines in the native envelope. */
    List<String> violationsOfLines(List<String> lines) {
        return violationsOf(lines.stream()
                .map(line -> read(line.getBytes(UTF_8)))
                .map(line -> new Change(line.get("id").textValue(), line.get("after")))
                .toList());
    }

    private record Change(String eventId, JsonNode after) {}

    private List<String> violationsOf(List<Change> changes) {
        List<String> wrong = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Map<Integer, Integer> delivered = new HashMap<>();
        for (Change change : changes) {
            if (!seen.add(change.eventId)) {
                continue;
            }
            JsonNode after = change.after;
            int account = after.get("id").intValue();
            int version = after.get("version").intValue();
            int last = delivered.getOrDefault(account, 0);
            if (version != last + 1) {
                wrong.add("account " + account + ": version " + version + " came after " + last);
            }
            delivered.put(account, version);
        }
        confirmed.forEach((account, version) -> {
            if (delivered.getOrDefault(account, 0) < version) {
                wrong.add("account " + account + ": version " + version + " was committed, " + delivered.get(account)
                        + " is the last delivered");
            }
        });
        return wrong;
    }

    /** How many records repeat one that came before. */
    static int replays(List<ConsumerRecord<byte[], byte[]>> records) {
        Set<String> ids = new HashSet<>();
        records.forEach(record -> ids.add(eventId(record)));
        return records.size() - ids.size();
    }

    private static String eventId(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader("event-id").value(), UTF_8);
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
