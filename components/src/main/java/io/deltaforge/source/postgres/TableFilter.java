package io.deltaforge.source.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Which tables are captured. Immutable. */
final class TableFilter {

    /**
     * An entry of the setting: {@code schema.table}, either part with {@code %} for any characters, or quoted.
     *
     * @param text as configured
     * @param exact whether it names one table
     */
    record Entry(String text, Part schema, Part table, boolean exact) {
        boolean matches(String schemaName, String tableName) {
            return schema.matches(schemaName) && table.matches(tableName);
        }
    }

    /**
     * A schema's or a table's name.
     *
     * @param name without quotes
     * @param pattern {@code null} when the name is meant literally
     */
    record Part(
            String name, @org.jspecify.annotations.Nullable Pattern pattern) {
        boolean matches(String actual) {
            return pattern == null
                    ? name.equals(actual)
                    : pattern.matcher(actual).matches();
        }
    }

    private final List<Entry> entries;
    private final boolean all;

    private TableFilter(List<Entry> entries, boolean all) {
        this.entries = List.copyOf(entries);
        this.all = all;
    }

    static TableFilter parse(List<String> tables) {
        if (tables.isEmpty()) {
            throw new IllegalArgumentException("tables: name at least one, e.g. public.orders, or * for all");
        }
        List<Entry> entries = new ArrayList<>();
        boolean all = false;
        for (String text : tables) {
            if (text.equals("*") || text.equals("%")) {
                all = true;
            } else {
                entries.add(entry(text));
            }
        }
        return new TableFilter(entries, all);
    }

    private static Entry entry(String text) {
        int dot = endOfPart(text, 0);
        if (dot <= 0 || dot >= text.length() - 1 || endOfPart(text, dot + 1) != text.length()) {
            throw new IllegalArgumentException("tables: '" + text + "' must be schema.table, e.g. public.orders");
        }
        Part schema = part(text.substring(0, dot));
        Part table = part(text.substring(dot + 1));
        return new Entry(text, schema, table, schema.pattern == null && table.pattern == null);
    }

    /** The index of the first dot outside of quotes, or the text's length. */
    private static int endOfPart(String text, int from) {
        boolean quoted = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '.' && !quoted) {
                return i;
            }
        }
        return text.length();
    }

    private static Part part(String text) {
        if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
            return new Part(text.substring(1, text.length() - 1).replace("\"\"", "\""), null);
        }
        if (text.indexOf('%') < 0 && !text.equals("*")) {
            return new Part(text, null);
        }
        StringBuilder regex = new StringBuilder();
        for (String literal : text.replace('*', '%').split("%", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(literal.isEmpty() ? "(?:)" : Pattern.quote(literal));
        }
        return new Part(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    /** Whether every table of the database is captured. */
    boolean all() {
        return all;
    }

    List<Entry> entries() {
        return entries;
    }

    boolean captures(String schema, String table) {
        if (all) {
            return true;
        }
        for (Entry entry : entries) {
            if (entry.matches(schema, table)) {
                return true;
            }
        }
        return false;
    }
}
