package io.deltaforge.cli.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A change as a line for people: {@code 12:04:31.250 update orders 17  status=new → paid}. */
public final class EventLine {
    private static final int TABLE_COLUMN = 20;
    private static final int KEY_COLUMN = 32;
    private static final int VALUES_COLUMN = 38;

    private final DateTimeFormatter time;

    public EventLine(ZoneId zone) {
        time = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(zone);
    }

    public StyledLine of(ChangeEvent event) {
        StyledLine line = new StyledLine()
                .add(Style.DIM, time.format(event.committed()))
                .add(" ")
                .add(style(event), verb(event))
                .padTo(TABLE_COLUMN)
                .add(event.table())
                .padTo(KEY_COLUMN)
                .add(Style.BOLD, key(event.key()));
        switch (event.op()) {
            case "u" -> addChanges(line, event);
            case "d" -> addValues(line, event.before(), event.key(), Style.DIM);
            default -> addValues(line, event.after(), event.key(), Style.PLAIN);
        }
        return line;
    }

    private static String verb(ChangeEvent event) {
        return switch (event.op()) {
            case "c" -> "insert";
            case "u" -> "update";
            case "d" -> "delete";
            case "r" -> "read";
            case "t" -> "truncate";
            default -> event.op();
        };
    }

    private static Style style(ChangeEvent event) {
        return switch (event.op()) {
            case "c" -> Style.GREEN;
            case "u" -> Style.YELLOW;
            case "d", "t" -> Style.RED;
            default -> Style.CYAN;
        };
    }

    /** {@code 17}, or {@code 17/2} of several columns. */
    private static String key(JsonNode key) {
        if (key.isMissingNode() || key.isNull()) {
            return "-";
        }
        List<String> values = new ArrayList<>();
        key.properties().forEach(column -> values.add(text(column.getValue())));
        return key.isObject() ? String.join("/", values) : text(key);
    }

    private static void addValues(StyledLine line, JsonNode row, JsonNode key, Style style) {
        String separator = "";
        for (Map.Entry<String, JsonNode> column : row.properties()) {
            if (!key.has(column.getKey())) {
                begin(line, separator, column.getKey());
                line.add(style, text(column.getValue()));
                separator = " ";
            }
        }
    }

    /** Old and new where the old value is known and another one; just the new one where it is not known. */
    private static void addChanges(StyledLine line, ChangeEvent event) {
        String separator = "";
        for (Map.Entry<String, JsonNode> column : event.after().properties()) {
            String name = column.getKey();
            JsonNode old = event.before().path(name);
            boolean isKnown = !old.isMissingNode();
            if (isKnown ? old.equals(column.getValue()) : event.key().has(name)) {
                continue;
            }
            begin(line, separator, name);
            if (isKnown) {
                line.add(Style.DIM, text(old)).add(Style.DIM, " → ");
            }
            line.add(Style.YELLOW, text(column.getValue()));
            separator = " ";
        }
    }

    private static void begin(StyledLine line, String separator, String column) {
        if (separator.isEmpty()) {
            line.padTo(VALUES_COLUMN);
        } else {
            line.add(separator);
        }
        line.add(Style.DIM, column + "=");
    }

    private static String text(JsonNode value) {
        if (value.isBigDecimal()) {
            BigDecimal number = value.decimalValue();
            return number.toPlainString();
        }
        return value.isValueNode() ? value.asText() : value.toString();
    }
}
