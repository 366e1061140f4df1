package io.deltaforge.spi;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import io.deltaforge.event.Message;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.spi.log.MessageField;
import io.deltaforge.spi.log.MessageLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A text with places for what an event holds, e.g. {@code shop.${source.table}}; parsed once. Immutable.
 *
 * <p>Places: {@code ${source.id}}, {@code ${source.connector}}, {@code ${source.db}}, {@code ${source.schema}},
 * {@code ${source.table}}, {@code ${op}}, {@code ${tx.id}}, {@code ${message.prefix}}, {@code ${after.<column>}} (for a
 * delete, the deleted row's), {@code ${before.<column>}}; of log entries {@code ${log.stream}} (e.g. the file),
 * {@code ${log.level}}, {@code ${label.<name>}} and {@code ${field.<name>}}.
 */
public final class Template {
    /** What a place can hold, for error messages and reference pages. */
    public static final String PLACES =
            "${source.id}, ${source.connector}, ${source.db}, ${source.schema}, ${source.table}, "
                    + "${op}, ${tx.id}, ${message.prefix}, ${after.<column>}, ${before.<column>}, "
                    + "${log.stream}, ${log.level}, ${label.<name>}, ${field.<name>}";

    private final String text;
    private final List<Part> parts;

    private Template(String text, List<Part> parts) {
        this.text = text;
        this.parts = parts;
    }

    /**
     * Reads a template; a dollar sign more before a place ({@code $${op}}) makes it plain text.
     *
     * @throws IllegalArgumentException when a place is not closed or unknown
     */
    public static Template parse(String text) {
        List<Part> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            if (text.startsWith("$${", i)) {
                literal.append("${");
                i += 3;
            } else if (text.startsWith("${", i)) {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw new IllegalArgumentException("\"" + text.substring(i) + "\" has no closing brace");
                }
                if (!literal.isEmpty()) {
                    parts.add(new Literal(literal.toString()));
                    literal.setLength(0);
                }
                parts.add(place(text.substring(i + 2, end)));
                i = end + 1;
            } else {
                literal.append(text.charAt(i++));
            }
        }
        if (!literal.isEmpty() || parts.isEmpty()) {
            parts.add(new Literal(literal.toString()));
        }
        return new Template(text, List.copyOf(parts));
    }

    private static Part place(String name) {
        if (name.startsWith("after.") && name.length() > "after.".length()) {
            return new ColumnOf(name.substring("after.".length()), false);
        }
        if (name.startsWith("before.") && name.length() > "before.".length()) {
            return new ColumnOf(name.substring("before.".length()), true);
        }
        if (name.startsWith("label.") && name.length() > "label.".length()) {
            return new LabelOf(name.substring("label.".length()));
        }
        if (name.startsWith("field.") && name.length() > "field.".length()) {
            return new FieldOf(new MessageField(name.substring("field.".length())));
        }
        for (Field field : Field.values()) {
            if (field.place.equals(name)) {
                return field;
            }
        }
        throw new IllegalArgumentException("${" + name + "} is not known here (known: " + PLACES + ")");
    }

    /** True when the text is the same for every event. */
    public boolean isConstant() {
        return parts.stream().allMatch(Literal.class::isInstance);
    }

    /** True when the text depends on nothing of a row change but its table and source. */
    public boolean isPerTable() {
        return parts.stream()
                .allMatch(part -> part instanceof Literal || (part instanceof Field field && field.perTable));
    }

    /** The text for this event; {@code null} when a place has no value in it. */
    public @Nullable String render(Event event) {
        return render(event, UnaryOperator.identity());
    }

    /** The same, with each place's value made fit for where the text will stand; what is not a place stays as it is. */
    public @Nullable String render(Event event, UnaryOperator<String> escape) {
        if (parts.size() == 1) {
            return text(parts.getFirst(), event, escape);
        }
        StringBuilder rendered = new StringBuilder();
        for (Part part : parts) {
            String value = text(part, event, escape);
            if (value == null) {
                return null;
            }
            rendered.append(value);
        }
        return rendered.toString();
    }

    private static @Nullable String text(Part part, Event event, UnaryOperator<String> escape) {
        String value = part.value(event);
        return value == null || part instanceof Literal ? value : escape.apply(value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Template template && template.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }

    private sealed interface Part {
        @Nullable
        String value(Event event);
    }

    private record Literal(String text) implements Part {
        @Override
        public String value(Event event) {
            return text;
        }
    }

    private record ColumnOf(String column, boolean before) implements Part {
        @Override
        public @Nullable String value(Event event) {
            if (!(event instanceof RowChange change)) {
                return null;
            }
            Row row = before ? change.before() : change.row();
            int index = change.table().indexOf(column);
            return row == null || index < 0 ? null : row.text(index);
        }
    }

    private record LabelOf(String label) implements Part {
        @Override
        public @Nullable String value(Event event) {
            return event instanceof LogEntry entry ? entry.stream().labels().get(label) : null;
        }
    }

    /** A finder for each time: templates are shared between threads. */
    private record FieldOf(MessageField field) implements Part {
        @Override
        public @Nullable String value(Event event) {
            return event instanceof LogEntry entry ? field.text(entry) : null;
        }
    }

    private enum Field implements Part {
        SOURCE_ID("source.id", true),
        SOURCE_CONNECTOR("source.connector", true),
        SOURCE_DB("source.db", true),
        SOURCE_SCHEMA("source.schema", true),
        SOURCE_TABLE("source.table", true),
        OP("op", false),
        TX_ID("tx.id", false),
        MESSAGE_PREFIX("message.prefix", false),
        LOG_STREAM("log.stream", false),
        LOG_LEVEL("log.level", false);

        private final String place;
        private final boolean perTable;

        Field(String place, boolean perTable) {
            this.place = place;
            this.perTable = perTable;
        }

        @Override
        public @Nullable String value(Event event) {
            return switch (this) {
                case SOURCE_ID -> event.transaction().source().id();
                case SOURCE_CONNECTOR -> event.transaction().source().connector();
                case SOURCE_DB -> event.transaction().source().database();
                case SOURCE_SCHEMA ->
                    event instanceof RowChange change ? change.table().schema() : null;
                case SOURCE_TABLE ->
                    event instanceof RowChange change ? change.table().name() : null;
                case OP -> op(event);
                case TX_ID -> Long.toString(event.transaction().id());
                case MESSAGE_PREFIX -> event instanceof Message message ? message.prefix() : null;
                case LOG_STREAM ->
                    event instanceof LogEntry entry ? entry.stream().name() : null;
                case LOG_LEVEL -> event instanceof LogEntry entry ? level(entry) : null;
            };
        }

        private static String op(Event event) {
            return switch (event) {
                case RowChange change -> change.op().code();
                case Message message -> "m";
                case LogEntry entry -> "l";
            };
        }

        private static @Nullable String level(LogEntry entry) {
            LogLevel level = MessageLevel.of(entry);
            return level == null ? null : level.text();
        }
    }
}
