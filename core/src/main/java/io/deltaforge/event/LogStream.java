package io.deltaforge.event;

import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What log entries are read from: a file, a container, a connection; one object, shared by all its entries. Immutable.
 *
 * @param id what tells it from every other stream of the source, through renames and restarts; printable ASCII without quotes
 *     and backslashes
 * @param name for humans, e.g. a file's path
 * @param labels what is known of where it comes from, e.g. a container's name
 * @param positions makes the position that covers an entry, of {@link LogEntry#next}; {@code null} where only whole
 *     transactions have one
 */
public record LogStream(
        String id,
        String name,
        Map<String, String> labels,
        @Nullable LongFunction<Position> positions) {

    public LogStream {
        labels = Map.copyOf(labels);
    }
}
