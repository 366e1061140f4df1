package io.deltaforge.event;

import java.util.List;

/**
 * One version of a table's shape. A source makes a new object only when the shape changes, so that what is derived from
 * it (escaped names, topic names, schemas) can be kept by identity: see {@link io.deltaforge.event.Derived}.
 */
public final class Table {
    private final String schema;
    private final String name;
    private final List<Column> columns;
    private final int[] keyColumns;

    public Table(String schema, String name, List<Column> columns) {
        this.schema = schema;
        this.name = name;
        this.columns = List.copyOf(columns);
        int[] keys = new int[columns.size()];
        int count = 0;
        for (int i = 0; i < keys.length; i++) {
            if (columns.get(i).key()) {
                keys[count++] = i;
            }
        }
        this.keyColumns = java.util.Arrays.copyOf(keys, count);
    }

    public String schema() {
        return schema;
    }

    public String name() {
        return name;
    }

    /** In the order of the table. */
    public List<Column> columns() {
        return columns;
    }

    public int keyColumnCount() {
        return keyColumns.length;
    }

    /** The index in {@link #columns} of the {@code n}th column of the primary key. */
    public int keyColumn(int n) {
        return keyColumns[n];
    }

    /** The index of the column of this name, or -1. */
    public int indexOf(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        return -1;
    }

    /** True when the other table has the same name, columns, types and key. */
    public boolean sameShape(Table other) {
        return schema.equals(other.schema) && name.equals(other.name) && columns.equals(other.columns);
    }

    @Override
    public String toString() {
        return schema + "." + name;
    }
}
