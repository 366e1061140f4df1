package io.deltaforge.sink.http;

import java.net.URI;
import java.util.List;

/**
 * A request to be sent. Immutable.
 *
 * @param batch that the events are of
 * @param items the events, in order; not to be changed
 * @param edition what tells an event with a value made by hand from the event as it was; empty for that
 */
record Outgoing(URI uri, BatchProgress batch, List<Item> items, String edition) {

    /**
     * One event.
     *
     * @param value its bytes; not to be changed
     * @param index in its batch
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Item(byte[] value, String eventId, int index) {}

    /** Half of the events, in a request of their own. */
    Outgoing part(int from, int to) {
        return new Outgoing(uri, batch, items.subList(from, to), edition);
    }

    /** The same for the same events, different for others. */
    String idempotencyKey() {
        String first = items.getFirst().eventId();
        return (items.size() == 1 ? first : first + ".." + items.getLast().eventId()) + edition;
    }
}
