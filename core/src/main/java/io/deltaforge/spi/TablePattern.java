package io.deltaforge.spi;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names tables: {@code schema.table}, either part with {@code %} or {@code *} for any characters, or quoted; {@code *} alone
 * names all. Immutable.
 *
 * @param text as configured
 * @param exact whether it names one table
 */
public record TablePattern(String text, Part schema, Part table, boolean exact) {
    private static final TablePattern ALL = new TablePattern("*", Part.parse("*"), Part.parse("*"), false);

    /**
     * A schema's or a table's name.
     *
     * @param name without quotes
     * @param pattern {@code null} when the name is meant literally
     */
    public record Part(String name, @Nullable Pattern pattern) {
        boolean matches(String actual) {
            return pattern == null
                    ? name.equals(actual)
                    : pattern.matcher(actual).matches();
        }

        private static Part parse(String text) {
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
    }

    /** @throws IllegalArgumentException when it has not two parts */
    public static TablePattern parse(String text) {
        if (text.equals("*") || text.equals("%")) {
            return ALL;
        }
        int dot = endOfPart(text, 0);
        if (dot <= 0 || dot >= text.length() - 1 || endOfPart(text, dot + 1) != text.length()) {
            throw new IllegalArgumentException("'" + text + "' must be schema.table, e.g. public.orders");
        }
        Part schema = Part.parse(text.substring(0, dot));
        Part table = Part.parse(text.substring(dot + 1));
        return new TablePattern(text, schema, table, schema.pattern == null && table.pattern == null);
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

    /** Whether it names every table. */
    public boolean isAll() {
        return equals(ALL);
    }

    public boolean matches(String schemaName, String tableName) {
        return schema.matches(schemaName) && table.matches(tableName);
    }
}
