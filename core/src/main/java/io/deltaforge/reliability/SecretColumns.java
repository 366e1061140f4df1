package io.deltaforge.reliability;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.event.Event;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns whose values must not lie in a dead letter queue. Immutable. */
final class SecretColumns {
    /** Shorter ones would blot out half of every text. */
    private static final int SHORTEST_SECRET = 4;

    private final List<Pattern> columns = new ArrayList<>();
    private final List<Pattern> qualified = new ArrayList<>();

    /** @param names with {@code *} for any characters */
    SecretColumns(List<String> names) {
        for (String name : names) {
            (name.indexOf('.') < 0 ? columns : qualified).add(pattern(name));
        }
    }

    private static Pattern pattern(String name) {
        return Pattern.compile(
                Arrays.stream(name.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }

    /** What of the event is secret. */
    Found in(Event event) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        if (event instanceof RowChange change) {
            Table table = change.table();
            for (int i = 0; i < table.columns().size(); i++) {
                String column = table.columns().get(i).name();
                if (isSecret(table, column)) {
                    boolean before = take(change.before(), i, values);
                    boolean after = take(change.after(), i, values);
                    if (before || after) {
                        names.add(column);
                    }
                }
            }
        }
        return new Found(names, values);
    }

    private boolean isSecret(Table table, String column) {
        String path = table.schema() + "." + table.name() + "." + column;
        return columns.stream().anyMatch(name -> name.matcher(column).matches())
                || qualified.stream().anyMatch(name -> name.matcher(path).matches());
    }

    private static boolean take(@Nullable Row row, int column, List<String> values) {
        String value = row == null || column >= row.columnCount() ? null : row.text(column);
        if (value == null || value.isEmpty()) {
            return false;
        }
        values.add(value);
        return true;
    }

    /**
     * The secrets of one event.
     *
     * @param columns their names; empty when there are none
     */
    record Found(List<String> columns, List<String> values) {

        boolean isEmpty() {
            return columns.isEmpty();
        }

        String blottedFrom(String text) {
            String clean = text;
            for (String value : values) {
                if (value.length() >= SHORTEST_SECRET) {
                    clean = clean.replace(value, "***");
                }
            }
            return clean;
        }

        boolean areIn(byte[] bytes) {
            String text = new String(bytes, UTF_8).toLowerCase(Locale.ROOT);
            return values.stream().anyMatch(value -> text.contains(value.toLowerCase(Locale.ROOT)));
        }
    }
}
