package io.deltaforge.source.postgres;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.Message;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Events as a test states them: {@code u orders (2, absent) -> (3, NULL)}, with the names of what is no value spelled out.
 */
final class Shown {
    private Shown() {}

    static List<String> all(List<? extends Event> events) {
        return events.stream().map(Shown::event).toList();
    }

    static String event(Event event) {
        return switch (event) {
            case RowChange change ->
                change.op().code() + " " + change.table().name() + row(" ", change.before())
                        + row(" -> ", change.after());
            case Message message ->
                (message.transactional() ? "m " : "m! ") + message.prefix() + " "
                        + new String(message.content(), java.nio.charset.StandardCharsets.UTF_8);
            case LogEntry entry -> throw new IllegalArgumentException("PostgreSQL has no " + entry);
        };
    }

    private static String row(String before, @Nullable Row row) {
        if (row == null) {
            return "";
        }
        StringJoiner columns = new StringJoiner(", ", before + "(", ")");
        for (int i = 0; i < row.columnCount(); i++) {
            columns.add(
                    switch (row.start(i)) {
                        case Row.NULL -> "NULL";
                        case Row.ABSENT -> "absent";
                        case Row.UNAVAILABLE -> "unavailable";
                        default -> row.text(i);
                    });
        }
        return columns.toString();
    }
}
