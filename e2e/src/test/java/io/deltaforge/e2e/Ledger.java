package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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

    /**
     * Reads the topic as a consumer that drops replays by their event id, and lists everything that is wrong.
     *
     * @param records in the order of each partition
     */
    List<String> violations(List<ConsumerRecord<byte[], byte[]>> records) {
        List<String> wrong = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        Map<Integer, Integer> delivered = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (!seen.add(new String(record.headers().lastHeader("event-id").value(), UTF_8))) {
                continue;
            }
            JsonNode after = read(record.value()).get("after");
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
                        + " is the last in the topic");
            }
        });
        return wrong;
    }

    /** How many records repeat one that came before. */
    static int replays(List<ConsumerRecord<byte[], byte[]>> records) {
        Set<String> ids = new HashSet<>();
        records.forEach(record ->
                ids.add(new String(record.headers().lastHeader("event-id").value(), UTF_8)));
        return records.size() - ids.size();
    }

    private static JsonNode read(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
