package io.deltaforge.reliability;

import io.deltaforge.event.Event;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.JournalPolicy;
import io.deltaforge.spi.Rendered;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent again, because the command line wants it or by itself, as the running pipeline sees it. Confined to one
 * thread at a time.
 */
final class ReplayRequests {
    /** Longer than anybody waits for the outcome. */
    private static final Duration OUTCOMES_KEPT = Duration.ofHours(1);

    private static final String OPEN = "SELECT " + LetterRows.COLUMNS + ", event, new_value, new_destination"
            + " FROM dead_letters WHERE pipeline = ? AND sink = ? AND wanted = 1 ORDER BY id LIMIT ?";

    private static final String DUE =
            "SELECT " + LetterRows.COLUMNS + ", event, NULL AS new_value, NULL AS new_destination"
                    + " FROM dead_letters WHERE pipeline = ? AND sink = ? AND parked = 0 AND wanted = 0 AND event IS NOT NULL"
                    + " ORDER BY id LIMIT ?";

    private static final String PARK_AFTER = "CASE WHEN ? > 0 AND tries >= ? THEN 1 ELSE parked END";

    private final Journal journal;
    private final String pipeline;
    private final EventCodec events;
    private final InstantSource clock;
    /** Tries after which an entry is parked; 0 for never. */
    private final int mostTries;
    /** Ids of what is on the way. */
    private final Set<Long> taken = new HashSet<>();

    ReplayRequests(
            Journal journal,
            String pipeline,
            EventCodec events,
            JournalPolicy.@Nullable Reprocessing reprocessing,
            InstantSource clock) {
        this.mostTries = reprocessing == null ? 0 : reprocessing.maxRetries();
        this.journal = journal;
        this.pipeline = pipeline;
        this.events = events;
        this.clock = clock;
    }

    /** A request to send an entry again. */
    sealed interface Request {}

    record Ready(Replay replay) implements Request {}

    /** The event cannot be made of its bytes any more. */
    record Unreadable(long id, long request, Failure.RejectedEvent why) implements Request {}

    /** Those not taken yet, oldest first; they are taken then. */
    List<Request> open(String sink, int atMost) {
        return journal.read(connection -> take(connection, OPEN, sink, atMost, new ArrayList<>()));
    }

    /** Those to be sent again by themselves and not taken yet, oldest first; they are taken then, and counted as tried. */
    List<Request> due(String sink, int atMost) {
        List<Long> ids = new ArrayList<>();
        try {
            return journal.write(connection -> {
                List<Request> found = take(connection, DUE, sink, atMost, ids);
                addTries(connection, ids, 1);
                return found;
            });
        } catch (JournalException e) {
            ids.forEach(taken::remove);
            throw e;
        }
    }

    /** @param ids to which theirs are added */
    private List<Request> take(Connection connection, String query, String sink, int atMost, List<Long> ids)
            throws SQLException {
        List<Request> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, pipeline);
            statement.setString(2, sink);
            statement.setInt(3, atMost + taken.size());
            try (ResultSet row = statement.executeQuery()) {
                while (found.size() < atMost && row.next()) {
                    if (taken.add(row.getLong("id"))) {
                        ids.add(row.getLong("id"));
                        found.add(request(row));
                    }
                }
            }
        }
        return found;
    }

    private static void addTries(Connection connection, List<Long> ids, int more) throws SQLException {
        try (PreparedStatement count =
                connection.prepareStatement("UPDATE dead_letters SET tries = MAX(0, tries + ?) WHERE id = ?")) {
            for (long id : ids) {
                count.setInt(1, more);
                count.setLong(2, id);
                count.executeUpdate();
            }
        }
    }

    /** They may be taken again, and their tries do not count. */
    void untried(List<Replay> replays) {
        List<Long> ids = replays.stream().map(Replay::id).toList();
        ids.forEach(taken::remove);
        if (!ids.isEmpty()) {
            journal.write(connection -> {
                addTries(connection, ids, -1);
                return ids;
            });
        }
    }

    /** It may be taken again; returns true when that was its last try. */
    boolean triedInVain(Replay replay, String reason) {
        taken.remove(replay.id());
        return journal.write(connection -> {
            try (PreparedStatement keep = connection.prepareStatement("UPDATE dead_letters SET reason = ?,"
                    + " attempts = attempts + 1, last_failed_ms = ?, parked = " + PARK_AFTER + " WHERE id = ?"
                    + " RETURNING parked")) {
                keep.setString(1, reason);
                keep.setLong(2, clock.millis());
                keep.setInt(3, mostTries);
                keep.setInt(4, mostTries);
                keep.setLong(5, replay.id());
                try (ResultSet row = keep.executeQuery()) {
                    return row.next() && row.getBoolean(1);
                }
            }
        });
    }

    private Request request(ResultSet row) throws SQLException {
        StoredLetter stored = LetterRows.letter(row);
        byte[] newValue = row.getBytes("new_value");
        if (newValue != null) {
            return new Ready(new Replay.OfHandMade(stored.id(), stored.request(), handMade(stored, newValue, row)));
        }
        byte[] event = row.getBytes("event");
        try {
            return new Ready(new Replay.OfEvent(
                    stored.id(), stored.request(), events.decode(event == null ? new byte[0] : event)));
        } catch (IllegalArgumentException e) {
            return new Unreadable(
                    stored.id(),
                    stored.request(),
                    new Failure.RejectedEvent(
                            0, stored.letter().cause().kind(), "the event in the journal " + e.getMessage()));
        }
    }

    private HandMade handMade(StoredLetter stored, byte[] value, ResultSet row) throws SQLException {
        Rendered old = stored.letter().payload().record();
        String named = row.getString("new_destination");
        boolean moves = named != null && !named.equals(old.destination());
        Rendered edited = new Rendered(
                moves ? named : old.destination(), moves ? null : old.partition(), old.key(), value, old.headers());
        return new HandMade(stored.letter().origin().eventId(), edited, event(row), moves);
    }

    /** {@code null} when it was not kept, or cannot be made of its bytes any more. */
    private @Nullable Event event(ResultSet row) throws SQLException {
        byte[] event = row.getBytes("event");
        try {
            return event == null ? null : events.decode(event);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** It may be taken again. */
    void postponed(Replay replay) {
        taken.remove(replay.id());
    }

    /** The entry goes, unless it is wanted once more since. */
    void delivered(Replay replay) {
        journal.write(connection -> {
            try (PreparedStatement remove =
                    connection.prepareStatement("DELETE FROM dead_letters WHERE id = ? AND request = ?")) {
                remove.setLong(1, replay.id());
                remove.setLong(2, replay.request());
                if (remove.executeUpdate() > 0) {
                    noteOutcome(connection, replay.id());
                }
            }
            return replay;
        });
        taken.remove(replay.id());
    }

    private void noteOutcome(Connection connection, long id) throws SQLException {
        long now = clock.millis();
        try (PreparedStatement forget = connection.prepareStatement("DELETE FROM replayed WHERE at_ms < ?");
                PreparedStatement note =
                        connection.prepareStatement("INSERT OR REPLACE INTO replayed (id, at_ms) VALUES (?, ?)")) {
            forget.setLong(1, now - OUTCOMES_KEPT.toMillis());
            forget.executeUpdate();
            note.setLong(1, id);
            note.setLong(2, now);
            note.executeUpdate();
        }
    }

    /**
     * An entry of the same event and kind, if there is one, gives way: it is the same letter.
     *
     * @return true when that was the last time it is sent by itself
     */
    boolean refused(long id, long request, Failure.RejectedEvent why) {
        boolean parked = journal.write(connection -> {
            boolean before = isParked(connection, id);
            try (PreparedStatement keep = connection.prepareStatement("""
                    UPDATE OR REPLACE dead_letters SET kind = ?, reason = ?, attempts = attempts + 1, last_failed_ms = ?,
                        wanted = CASE WHEN request = ? THEN 0 ELSE wanted END, parked = PARK_AFTER
                    WHERE id = ?
                    """.replace("PARK_AFTER", PARK_AFTER))) {
                keep.setString(1, why.kind());
                keep.setString(2, why.reason());
                keep.setLong(3, clock.millis());
                keep.setLong(4, request);
                keep.setInt(5, mostTries);
                keep.setInt(6, mostTries);
                keep.setLong(7, id);
                keep.executeUpdate();
            }
            return !before && isParked(connection, id);
        });
        taken.remove(id);
        return parked;
    }

    private static boolean isParked(Connection connection, long id) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT parked FROM dead_letters WHERE id = ?")) {
            statement.setLong(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
