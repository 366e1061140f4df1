package io.deltaforge.reliability;

import io.deltaforge.spi.Failure;
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

/** What the command line wants sent again, as the running pipeline sees it. Confined to one thread at a time. */
final class ReplayRequests {
    /** Longer than anybody waits for the outcome. */
    private static final Duration OUTCOMES_KEPT = Duration.ofHours(1);

    private static final String OPEN = "SELECT " + LetterRows.COLUMNS + ", event, new_value, new_destination"
            + " FROM dead_letters WHERE pipeline = ? AND sink = ? AND wanted = 1 ORDER BY id LIMIT ?";

    private final Journal journal;
    private final String pipeline;
    private final EventCodec events;
    private final InstantSource clock;
    /** Ids of what is on the way. */
    private final Set<Long> taken = new HashSet<>();

    ReplayRequests(Journal journal, String pipeline, EventCodec events, InstantSource clock) {
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
        return journal.read(connection -> {
            List<Request> found = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(OPEN)) {
                statement.setString(1, pipeline);
                statement.setString(2, sink);
                statement.setInt(3, atMost + taken.size());
                try (ResultSet row = statement.executeQuery()) {
                    while (found.size() < atMost && row.next()) {
                        if (taken.add(row.getLong("id"))) {
                            found.add(request(row));
                        }
                    }
                }
            }
            return found;
        });
    }

    private Request request(ResultSet row) throws SQLException {
        StoredLetter stored = LetterRows.letter(row);
        byte[] newValue = row.getBytes("new_value");
        if (newValue != null) {
            Rendered old = stored.letter().payload().record();
            String newDestination = row.getString("new_destination");
            boolean moves = newDestination != null && !newDestination.equals(old.destination());
            Rendered edited = new Rendered(
                    moves ? newDestination : old.destination(),
                    moves ? null : old.partition(),
                    old.key(),
                    newValue,
                    old.headers());
            return new Ready(new Replay.OfRecord(stored.id(), stored.request(), edited));
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

    /** An entry of the same event and kind, if there is one, gives way: it is the same letter. */
    void refused(long id, long request, Failure.RejectedEvent why) {
        journal.write(connection -> {
            try (PreparedStatement keep = connection.prepareStatement("""
                    UPDATE OR REPLACE dead_letters SET kind = ?, reason = ?, attempts = attempts + 1, last_failed_ms = ?,
                        wanted = CASE WHEN request = ? THEN 0 ELSE wanted END
                    WHERE id = ?
                    """)) {
                keep.setString(1, why.kind());
                keep.setString(2, why.reason());
                keep.setLong(3, clock.millis());
                keep.setLong(4, request);
                keep.setLong(5, id);
                return keep.executeUpdate();
            }
        });
        taken.remove(id);
    }
}
