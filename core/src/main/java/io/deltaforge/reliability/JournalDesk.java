package io.deltaforge.reliability;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The journal as people work on it, beside the pipelines that run. Thread-safe. Throws {@link JournalException}. */
public final class JournalDesk {
    private final Journal journal;

    public JournalDesk(Journal journal) {
        this.journal = journal;
    }

    /** The pipelines that have, or had, a dead letter queue here. */
    public List<String> pipelines() {
        return journal.read(connection -> {
            List<String> names = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement("SELECT name FROM pipelines ORDER BY name");
                    ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    names.add(row.getString(1));
                }
            }
            return names;
        });
    }

    /** The process that ran the pipeline last; 0 when none did. */
    public long process(String pipeline) {
        return journal.read(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT process FROM pipelines WHERE name = ?")) {
                statement.setString(1, pipeline);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? row.getLong(1) : 0L;
                }
            }
        });
    }

    /**
     * Which entries.
     *
     * @param sink {@code null} for all
     * @param kind {@code null} for all
     * @param ids empty for all
     */
    public record Query(
            String pipeline,
            @Nullable String sink,
            @Nullable String kind,
            List<Long> ids,
            int limit) {
        public Query {
            ids = List.copyOf(ids);
        }

        private String where() {
            StringBuilder where = new StringBuilder(" WHERE pipeline = ?");
            if (sink != null) {
                where.append(" AND sink = ?");
            }
            if (kind != null) {
                where.append(" AND kind = ?");
            }
            if (!ids.isEmpty()) {
                where.append(" AND id IN (")
                        .append("?, ".repeat(ids.size() - 1))
                        .append("?)");
            }
            return where.toString();
        }

        private int bind(PreparedStatement statement) throws SQLException {
            int next = 1;
            statement.setString(next++, pipeline);
            if (sink != null) {
                statement.setString(next++, sink);
            }
            if (kind != null) {
                statement.setString(next++, kind);
            }
            for (long id : ids) {
                statement.setLong(next++, id);
            }
            return next;
        }
    }

    /** Without values and headers, the oldest first. */
    public List<StoredLetter> list(Query query) {
        List<StoredLetter> letters = new ArrayList<>();
        each(LetterRows.COLUMNS_WITHOUT_VALUE, query, letters::add);
        return letters;
    }

    /** One after the other, whole, the oldest first: they may be large. */
    public void each(Query query, Consumer<StoredLetter> reader) {
        each(LetterRows.COLUMNS, query, reader);
    }

    private void each(String columns, Query query, Consumer<StoredLetter> reader) {
        journal.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT " + columns + " FROM dead_letters" + query.where() + " ORDER BY id LIMIT ?")) {
                statement.setInt(query.bind(statement), query.limit);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        reader.accept(LetterRows.letter(row));
                    }
                }
            }
            return query;
        });
    }

    /** How many there are, whatever the limit. */
    public int count(Query query) {
        return journal.read(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT COUNT(*) FROM dead_letters" + query.where())) {
                query.bind(statement);
                try (ResultSet row = statement.executeQuery()) {
                    return row.getInt(1);
                }
            }
        });
    }

    /** Entries of each sink that has some, by its id. */
    public Map<String, Integer> countBySink(String pipeline) {
        return countBy("sink", "", pipeline);
    }

    /** Entries of each sink that are not sent again by themselves any more, by its id; sinks without any are missing. */
    public Map<String, Integer> countParkedBySink(String pipeline) {
        return countBy("sink", " AND parked = 1", pipeline);
    }

    /** Entries of each kind of error that there are. */
    public Map<String, Integer> countByKind(String pipeline) {
        return countBy("kind", "", pipeline);
    }

    private Map<String, Integer> countBy(String column, String which, String pipeline) {
        return journal.read(connection -> {
            Map<String, Integer> counts = new TreeMap<>();
            try (PreparedStatement statement = connection.prepareStatement("SELECT " + column
                    + ", COUNT(*) FROM dead_letters WHERE pipeline = ?" + which + " GROUP BY " + column)) {
                statement.setString(1, pipeline);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        counts.put(row.getString(1), row.getInt(2));
                    }
                }
            }
            return counts;
        });
    }

    /** Asks for entries to be sent again as they were; returns for how many that is possible. */
    public int wantAsTheyWere(Collection<Long> ids) {
        return journal.write(connection -> {
            int wanted = 0;
            try (PreparedStatement statement = connection.prepareStatement("""
                    UPDATE dead_letters SET wanted = 1, request = request + 1, new_value = NULL, new_destination = NULL
                    WHERE id = ? AND event IS NOT NULL
                    """)) {
                for (long id : ids) {
                    statement.setLong(1, id);
                    wanted += statement.executeUpdate();
                }
            }
            return wanted;
        });
    }

    /**
     * Asks for an entry to be sent again with another value.
     *
     * @param destination {@code null} for the entry's own
     * @return false when there is no such entry any more
     */
    public boolean want(long id, byte[] value, @Nullable String destination) {
        return journal.write(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                    "UPDATE dead_letters SET wanted = 1, request = request + 1, new_value = ?, new_destination = ?"
                            + " WHERE id = ?")) {
                statement.setBytes(1, value);
                statement.setString(2, destination);
                statement.setLong(3, id);
                return statement.executeUpdate() > 0;
            }
        });
    }

    /** Removes entries for good; returns how many. */
    public int remove(Query query) {
        return journal.write(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("DELETE FROM dead_letters WHERE id IN (SELECT id FROM dead_letters"
                            + query.where() + " ORDER BY id LIMIT ?)")) {
                statement.setInt(query.bind(statement), query.limit);
                return statement.executeUpdate();
            }
        });
    }

    /** What became of a request to send an entry again. */
    public sealed interface Outcome {
        /** Nothing yet. */
        record Waiting() implements Outcome {}

        /** The sink holds it, and the entry is removed. */
        record Delivered() implements Outcome {}

        /** It failed again and stays. */
        record Refused(String reason) implements Outcome {}

        /** Somebody else removed the entry. */
        record Gone() implements Outcome {}
    }

    public Outcome outcome(long id) {
        Optional<Outcome> kept = journal.read(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("SELECT wanted, reason FROM dead_letters WHERE id = ?")) {
                statement.setLong(1, id);
                try (ResultSet row = statement.executeQuery()) {
                    if (!row.next()) {
                        return Optional.<Outcome>empty();
                    }
                    return Optional.of(
                            row.getBoolean(1) ? new Outcome.Waiting() : new Outcome.Refused(row.getString(2)));
                }
            }
        });
        return kept.orElseGet(() -> wasReplayed(id) ? new Outcome.Delivered() : new Outcome.Gone());
    }

    private boolean wasReplayed(long id) {
        return journal.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM replayed WHERE id = ?")) {
                statement.setLong(1, id);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next();
                }
            }
        });
    }
}
