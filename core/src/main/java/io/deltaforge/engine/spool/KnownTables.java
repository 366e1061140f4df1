package io.deltaforge.engine.spool;

import io.deltaforge.event.Table;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes tables of the same shape the same object: what encoders derive from a table they keep by its identity. Confined to
 * one thread.
 */
final class KnownTables {
    /** Partitions come and go; forgetting them all now and then only costs deriving again. */
    private static final int MAX_TABLES = 1000;

    private final Map<String, Table> newest = new HashMap<>();

    Table sameAs(Table table) {
        String name = table.schema() + '\0' + table.name();
        Table known = newest.get(name);
        if (known != null && known.sameShape(table)) {
            return known;
        }
        if (newest.size() >= MAX_TABLES) {
            newest.clear();
        }
        newest.put(name, table);
        return table;
    }
}
