package io.deltaforge.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter queue that lies elsewhere may also be written where the journal's own is described:
 * {@code journal: {enabled: true, dlq: {type: kafka, …}}} means {@code dlq: {type: kafka, …}}.
 */
final class QueueSpelling {
    /** What the journal says for its queue, wherever that lies. */
    private static final List<String> SHARED = List.of("max_event_bytes", "secret_columns");

    private QueueSpelling() {}

    /** The pipeline file with the queue in the one place where it is bound. */
    static Node.Mapping canonical(Node.Mapping root) {
        if (root.get("spec") instanceof Node.Mapping spec
                && spec.get("dlq") == null
                && spec.get("journal") instanceof Node.Mapping journal
                && journal.get("dlq") instanceof Node.Mapping queue
                && queue.get("type") instanceof Node.Scalar type) {
            return with(
                    root,
                    "spec",
                    type.text().equals("sqlite") ? inJournal(spec, journal, queue) : moved(spec, journal, queue));
        }
        return root;
    }

    private static Node.Mapping inJournal(Node.Mapping spec, Node.Mapping journal, Node.Mapping queue) {
        return with(spec, "journal", with(journal, "dlq", queue.without("type")));
    }

    private static Node.Mapping moved(Node.Mapping spec, Node.Mapping journal, Node.Mapping queue) {
        boolean isOff = journal.get("enabled") instanceof Node.Scalar enabled
                && enabled.text().equals("false");
        Node.Mapping rest = journal.without("dlq");
        if (isOff) {
            return with(spec, "journal", rest);
        }
        Node.Mapping moved = queue;
        for (String key : SHARED) {
            Node.Entry shared = journal.entries().get(key);
            if (shared != null && queue.get(key) == null) {
                moved = with(moved, key, shared);
            }
        }
        Node.Entry place = journal.entries().get("dlq");
        Node.Entry entry = place == null ? new Node.Entry(queue.place(), moved) : new Node.Entry(place.key(), moved);
        return with(with(spec, "journal", rest.without("enabled")), "dlq", entry);
    }

    private static Node.Mapping with(Node.Mapping mapping, String key, Node.Mapping value) {
        Node.@Nullable Entry before = mapping.entries().get(key);
        return with(mapping, key, new Node.Entry(before == null ? value.place() : before.key(), value));
    }

    private static Node.Mapping with(Node.Mapping mapping, String key, Node.Entry entry) {
        SequencedMap<String, Node.Entry> entries = new LinkedHashMap<>(mapping.entries());
        entries.put(key, entry);
        return new Node.Mapping(entries, mapping.place());
    }
}
