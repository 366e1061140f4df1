package io.deltaforge.source.postgres;

import io.deltaforge.spi.TablePattern;
import java.util.ArrayList;
import java.util.List;

/** Which tables are captured. Immutable. */
final class TableFilter {
    private final List<TablePattern> entries;
    private final boolean all;

    private TableFilter(List<TablePattern> entries, boolean all) {
        this.entries = List.copyOf(entries);
        this.all = all;
    }

    static TableFilter parse(List<String> tables) {
        if (tables.isEmpty()) {
            throw new IllegalArgumentException("tables: name at least one, e.g. public.orders, or * for all");
        }
        List<TablePattern> entries = new ArrayList<>();
        boolean all = false;
        for (String text : tables) {
            TablePattern entry = entry(text);
            if (entry.isAll()) {
                all = true;
            } else {
                entries.add(entry);
            }
        }
        return new TableFilter(entries, all);
    }

    private static TablePattern entry(String text) {
        try {
            return TablePattern.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tables: " + e.getMessage(), e);
        }
    }

    /** Whether every table of the database is captured. */
    boolean all() {
        return all;
    }

    /** What was named, but for the whole. */
    List<TablePattern> entries() {
        return entries;
    }

    boolean captures(String schema, String table) {
        if (all) {
            return true;
        }
        for (TablePattern entry : entries) {
            if (entry.matches(schema, table)) {
                return true;
            }
        }
        return false;
    }
}
