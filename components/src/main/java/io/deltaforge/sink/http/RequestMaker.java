package io.deltaforge.sink.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.deltaforge.event.Event;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Encoding;
import io.deltaforge.spi.EventId;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.JsonCheck;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of batches into requests and the requests into lanes: what has the same key is in the same lane, in order
 * (invariant 2). Confined to one thread.
 */
final class RequestMaker {
    private final Encoding.Encoder encoder;
    private final EventId eventId = new EventId();
    private final Address address;
    private final Answers answers;
    private final int lanes;
    private final int maxEvents;
    private final long maxBytes;
    private final boolean holdsJsonOnly;
    /** Of events that come again although the endpoint holds them; empty but after a failure. */
    private final Set<String> held = new HashSet<>();

    RequestMaker(HttpSinkConfig config, Address address, Answers answers) {
        this.answers = answers;
        this.encoder = config.encoding().encoder(config.envelope());
        this.address = address;
        this.lanes = config.maxInflight();
        this.maxEvents = config.mode() == HttpSinkConfig.Mode.SINGLE ? 1 : config.maxBatchEvents();
        this.maxBytes = config.maxBatchBytes();
        this.holdsJsonOnly = config.mode() == HttpSinkConfig.Mode.BATCH;
    }

    /**
     * These events are not to be sent when they come again: an endpoint that takes only so many requests at a time would get
     * the same ones for ever.
     */
    void leaveOut(List<String> eventIds) {
        held.addAll(eventIds);
    }

    String contentType() {
        return encoder.contentType();
    }

    /** A request being filled. */
    private static final class Draft {
        private final URI uri;
        private final List<Outgoing.Item> items = new ArrayList<>();
        private long bytes;

        Draft(URI uri) {
            this.uri = uri;
        }
    }

    /** The requests of each lane, in order. */
    List<List<Outgoing>> requests(Batch batch, BatchProgress progress) {
        List<List<Draft>> drafts = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            drafts.add(new ArrayList<>());
        }
        for (int i = 0; i < batch.size(); i++) {
            add(batch.event(i), i, progress, drafts);
        }
        List<List<Outgoing>> requests = new ArrayList<>();
        for (List<Draft> lane : drafts) {
            List<Outgoing> finished = new ArrayList<>();
            for (Draft draft : lane) {
                finished.add(new Outgoing(draft.uri, progress, draft.items, ""));
            }
            requests.add(finished);
        }
        return requests;
    }

    /** What a human made is a request of its own; none when it is rejected. */
    List<List<Outgoing>> requests(HandMade letter, BatchProgress progress) {
        byte[] value = letter.record().value();
        byte[] body = value == null ? new byte[0] : value;
        String flaw = holdsJsonOnly ? JsonCheck.flaw(body) : null;
        if (flaw != null) {
            progress.reject(
                    rejected(0, "serialization", "mode: batch needs JSON, but at " + flaw, letter.eventId(), body));
            return List.of();
        }
        URI uri;
        try {
            uri = address.of(letter);
        } catch (IllegalArgumentException e) {
            progress.reject(rejected(0, "invalid_url", String.valueOf(e.getMessage()), letter.eventId(), body));
            return List.of();
        }
        progress.expect(1);
        List<Outgoing.Item> items = List.of(new Outgoing.Item(body, letter.eventId(), 0));
        return List.of(List.of(new Outgoing(uri, progress, items, edition(body))));
    }

    /** The same for the same bytes: an endpoint may answer a key that it knows as it did before. */
    private static String edition(byte[] value) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(value);
            return "-edited-" + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void add(Event event, int index, BatchProgress progress, List<List<Draft>> drafts) {
        String id = new String(eventId.bytes(event), ISO_8859_1);
        if (!held.isEmpty() && held.remove(id)) {
            progress.arrived(id);
            return;
        }
        byte[] value;
        URI uri;
        try {
            value = encoder.value(event);
        } catch (RuntimeException e) {
            progress.reject(rejected(index, "serialization", "the event cannot be written: " + e, id, null));
            return;
        }
        try {
            uri = address.of(event);
        } catch (IllegalArgumentException e) {
            String reason = "url cannot be made for this event: " + e.getMessage();
            progress.reject(rejected(index, "invalid_url", reason, id, value));
            return;
        }
        if (uri == null) {
            progress.reject(rejected(index, "no_url", "url has a place without a value", id, value));
            return;
        }
        progress.expect(1);
        Draft draft = draftFor(uri, value.length, drafts.get(lane(event)));
        draft.items.add(new Outgoing.Item(value, id, index));
        draft.bytes += value.length + 1;
    }

    private Failure.RejectedEvent rejected(int index, String kind, String reason, String id, byte @Nullable [] value) {
        return new Failure.RejectedEvent(index, kind, reason, answers.rendered(id, value));
    }

    /** The lane's last request when the event fits in, else a new one. */
    private Draft draftFor(URI uri, int length, List<Draft> lane) {
        if (!lane.isEmpty()) {
            Draft last = lane.getLast();
            if (last.items.size() < maxEvents && last.bytes + length <= maxBytes && last.uri.equals(uri)) {
                return last;
            }
        }
        Draft next = new Draft(uri);
        lane.add(next);
        return next;
    }

    private int lane(Event event) {
        if (lanes == 1 || !(event instanceof RowChange change)) {
            return 0;
        }
        Table table = change.table();
        int hash = 31 * table.schema().hashCode() + table.name().hashCode();
        Row row = change.row();
        for (int n = 0; row != null && n < table.keyColumnCount(); n++) {
            hash = hashOf(row, table.keyColumn(n), hash);
        }
        return Math.floorMod(hash ^ hash >>> 16, lanes);
    }

    private static int hashOf(Row row, int column, int seed) {
        int hash = 31 * seed + 1;
        int start = row.start(column);
        for (int i = start; i >= 0 && i < row.end(column); i++) {
            hash = 31 * hash + row.data()[i];
        }
        return hash;
    }
}
