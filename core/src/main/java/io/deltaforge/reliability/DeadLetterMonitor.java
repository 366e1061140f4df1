package io.deltaforge.reliability;

import io.deltaforge.spi.Failure;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Told what happens to a pipeline's dead letters. Implementations return at once and are thread-safe; what they do not
 * override they do not hear.
 */
public interface DeadLetterMonitor {

    /** Events that the sink cannot deliver are kept; one that comes again after a crash is told again. */
    default void added(String sink, String kind, int events) {}

    /** Entries were removed because the queue is bounded; {@code policy} is {@code drop_oldest} or {@code max_age}. */
    default void dropped(String sink, String policy, int entries) {}

    /** There was no place for so many events; told at each attempt to add them. */
    default void full(String sink, int events) {}

    /** An entry was sent again: and was acknowledged, or was refused again. */
    default void replayed(String sink, boolean delivered) {}

    /** Tells of all that were rejected. */
    static void tellAdded(DeadLetterMonitor monitor, String sink, Failure.Rejected rejected) {
        byKind(rejected).forEach((kind, count) -> monitor.added(sink, kind, count));
    }

    /** E.g. {@code 3 events: invalid_topic (1), message_too_large (2)}; no reasons, for what they quote may be secret. */
    static String counted(Failure.Rejected rejected) {
        int events = rejected.events().size();
        StringJoiner kinds = new StringJoiner(", ", (events == 1 ? "1 event: " : events + " events: "), "");
        byKind(rejected).forEach((kind, count) -> kinds.add(kind + " (" + count + ")"));
        return kinds.toString();
    }

    private static Map<String, Integer> byKind(Failure.Rejected rejected) {
        Map<String, Integer> byKind = new TreeMap<>();
        for (Failure.RejectedEvent event : rejected.events()) {
            byKind.merge(event.kind(), 1, Integer::sum);
        }
        return byKind;
    }

    /** Hears nothing. */
    DeadLetterMonitor NONE = new DeadLetterMonitor() {};
}
