package io.deltaforge.event;

import java.util.IdentityHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is derived from a table's shape, computed once a version. Confined to one thread.
 *
 * <p>Runs of events of the same table, which is what transactions are made of, cost one comparison.
 */
public final class PerTable<T> {
    /** Shapes come and go with partitions and migrations; a program that runs for a year must not keep them all. */
    private static final int MAX_ENTRIES = 10_000;

    private final Function<Table, T> derive;
    private final IdentityHashMap<Table, T> derived = new IdentityHashMap<>();
    private @Nullable Table lastTable;
    private @Nullable T last;

    public PerTable(Function<Table, T> derive) {
        this.derive = derive;
    }

    public T of(Table table) {
        T known = last;
        if (table == lastTable && known != null) {
            return known;
        }
        T value = derived.get(table);
        if (value == null) {
            if (derived.size() >= MAX_ENTRIES) {
                derived.clear();
            }
            value = derive.apply(table);
            derived.put(table, value);
        }
        lastTable = table;
        last = value;
        return value;
    }
}
