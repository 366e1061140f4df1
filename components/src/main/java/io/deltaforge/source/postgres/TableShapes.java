package io.deltaforge.source.postgres;

import io.deltaforge.event.Column;
import io.deltaforge.event.Table;
import io.deltaforge.spi.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** From what the server says of a table to {@link Table}s, one object for each shape. Confined to the source thread. */
final class TableShapes implements PgOutputDecoder.Relations {
    private final TableFilter filter;
    private final Catalog catalog;
    private final TypeCatalog types;
    private final Map<Integer, Table> latest = new HashMap<>();

    TableShapes(TableFilter filter, Catalog catalog) {
        this.filter = filter;
        this.catalog = catalog;
        this.types = new TypeCatalog(catalog);
    }

    @Override
    public Relation relation(Relation.Description described) throws Failure {
        boolean captured = filter.captures(described.schema(), described.table());
        Table before = latest.get(described.id());
        if (before != null) {
            types.forget();
        }
        Table table = captured ? shape(described) : new Table(described.schema(), described.table(), List.of());
        if (before != null && before.sameShape(table)) {
            table = before;
        }
        latest.put(described.id(), table);
        return new Relation(described.id(), table, described.identity(), captured);
    }

    private Table shape(Relation.Description described) throws Failure {
        Set<String> key = key(described);
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < described.columns().length; i++) {
            String name = described.columns()[i];
            columns.add(new Column(
                    name, types.type(described.typeOids()[i], described.typeModifiers()[i]), key.contains(name)));
        }
        return new Table(described.schema(), described.table(), columns);
    }

    /**
     * The columns of the primary key. The message flags those of the replica identity, which under DEFAULT are the same and
     * as old as the change; under FULL, INDEX and NOTHING the catalog is asked, which shows the table of today.
     */
    private Set<String> key(Relation.Description described) throws Failure {
        Set<String> flagged = new HashSet<>();
        for (int i = 0; i < described.columns().length; i++) {
            if (described.identity()[i]) {
                flagged.add(described.columns()[i]);
            }
        }
        if (described.replicaIdentity() == 'd') {
            return flagged;
        }
        Set<String> primary = new HashSet<>(catalog.query(
                "asking for the primary key of " + described.schema() + "." + described.table(),
                """
                SELECT a.attname FROM pg_index i
                JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
                WHERE i.indrelid = ?::bigint::oid AND i.indisprimary""",
                row -> row.getString(1),
                Integer.toUnsignedLong(described.id())));
        if (!primary.isEmpty() && Arrays.asList(described.columns()).containsAll(primary)) {
            return primary;
        }
        return described.replicaIdentity() == 'i' ? flagged : Set.of();
    }
}
