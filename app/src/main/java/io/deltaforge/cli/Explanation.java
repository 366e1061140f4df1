package io.deltaforge.cli;

import io.deltaforge.spi.EffectiveSetting;
import io.deltaforge.spi.EffectiveSettings;
import java.util.ArrayList;
import java.util.List;

/** The settings of a sink's driver as a table for a terminal. */
final class Explanation {
    /** A longer value moves only its own row's last column. */
    private static final int WIDEST_VALUE = 40;

    private Explanation() {}

    /** Its lines. */
    static List<String> of(String pipeline, String sinkId, EffectiveSettings settings) {
        List<EffectiveSetting> rows = new ArrayList<>();
        rows.add(new EffectiveSetting("SETTING", "VALUE", new EffectiveSetting.Origin.Given("FROM"), ""));
        rows.addAll(settings.effectiveSettings(pipeline));
        int name = 0;
        int value = 0;
        for (EffectiveSetting row : rows) {
            name = Math.max(name, row.name().length());
            int length = row.value().length();
            value = length > WIDEST_VALUE ? value : Math.max(value, length);
        }
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("sink " + sinkId + ", settings of its " + settings.driver() + ":");
        for (EffectiveSetting row : rows) {
            lines.add("  " + padded(row.name(), name) + padded(row.value(), value) + row.origin()
                    + (row.note().isEmpty() ? "" : " (" + row.note() + ")"));
        }
        for (String warning : settings.warnings()) {
            lines.add("  warning: " + warning);
        }
        lines.add("");
        return lines;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()) + 2);
    }
}
