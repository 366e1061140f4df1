package io.deltaforge.source.postgres;

import io.deltaforge.spi.Failure;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure, before the stream starts, that the publication sends what the pipeline asks for. */
final class Publication {
    private static final Logger log = LoggerFactory.getLogger(Publication.class);

    /** A table as the catalog names it. */
    private record Name(String schema, String table) {
        String sql() {
            return Sql.table(schema, table);
        }

        @Override
        public String toString() {
            return schema + "." + table;
        }
    }

    private final PostgresSourceConfig config;
    private final TableFilter filter;
    private final Catalog catalog;
    private final ServerErrors errors;

    Publication(PostgresSourceConfig config, TableFilter filter, Catalog catalog, ServerErrors errors) {
        this.config = config;
        this.filter = filter;
        this.catalog = catalog;
        this.errors = errors;
    }

    void ensure(int serverVersion) throws Failure {
        Boolean forAllTables = catalog.first(
                "looking for the publication",
                "SELECT puballtables FROM pg_publication WHERE pubname = ?",
                row -> row.getBoolean(1),
                config.publication());
        if (forAllTables == null) {
            create(serverVersion);
        }
        check();
    }

    private void create(int serverVersion) throws Failure {
        String sql = "CREATE PUBLICATION " + Sql.identifier(config.publication()) + " FOR " + scope()
                + (serverVersion >= 130_000 ? " WITH (publish_via_partition_root = true)" : "");
        if (!config.create()) {
            throw errors.fatal("there is no publication " + config.publication()
                    + ", and create is false. Create it with: " + sql + ";");
        }
        catalog.execute("creating the publication with " + sql, sql);
        log.info("{}: created the publication: {};", config.id(), sql);
        warnOfTablesWithoutIdentity();
    }

    private String scope() throws Failure {
        if (filter.all()) {
            return "ALL TABLES";
        }
        List<Name> existing =
                catalog.query("listing the tables", """
                SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
                  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
                ORDER BY 1, 2""", row -> new Name(row.getString(1), row.getString(2)));
        List<String> missing = filter.entries().stream()
                .filter(entry -> existing.stream().noneMatch(name -> entry.matches(name.schema, name.table)))
                .map(TableFilter.Entry::text)
                .toList();
        if (!missing.isEmpty()) {
            throw errors.fatal("the database has no table " + String.join(", ", missing)
                    + ". Create it first or take it out of `tables`; names are case-sensitive.");
        }
        return existing.stream()
                .filter(name -> filter.captures(name.schema, name.table))
                .map(Name::sql)
                .collect(Collectors.joining(", ", "TABLE ", ""));
    }

    private void check() throws Failure {
        List<Name> published = catalog.query(
                "listing the publication's tables",
                "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = ?",
                row -> new Name(row.getString(1), row.getString(2)),
                config.publication());
        List<TableFilter.Entry> missing = filter.entries().stream()
                .filter(TableFilter.Entry::exact)
                .filter(entry -> published.stream().noneMatch(name -> entry.matches(name.schema, name.table)))
                .toList();
        if (!missing.isEmpty()) {
            throw errors.fatal("the publication " + config.publication() + " does not hold "
                    + missing.stream().map(TableFilter.Entry::text).collect(Collectors.joining(", "))
                    + ". Add it with: ALTER PUBLICATION " + Sql.identifier(config.publication()) + " ADD TABLE "
                    + missing.stream()
                            .map(entry -> Sql.table(
                                    entry.schema().name(), entry.table().name()))
                            .collect(Collectors.joining(", "))
                    + ";");
        }
    }

    /** PostgreSQL refuses UPDATE and DELETE on a published table that says nothing of which row it was. */
    private void warnOfTablesWithoutIdentity() throws Failure {
        List<Name> without = catalog.query(
                "looking for tables without a replica identity",
                """
                SELECT p.schemaname, p.tablename FROM pg_publication_tables p
                JOIN pg_namespace n ON n.nspname = p.schemaname
                JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
                WHERE p.pubname = ? AND (c.relreplident = 'n' OR c.relreplident = 'd' AND NOT EXISTS
                    (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))""",
                row -> new Name(row.getString(1), row.getString(2)),
                config.publication());
        for (Name name : without) {
            log.warn(
                    "{}: {} has no primary key, so from now on PostgreSQL refuses UPDATE and DELETE on it. Mend it with:"
                            + " ALTER TABLE {} REPLICA IDENTITY FULL;",
                    config.id(),
                    name,
                    name.sql());
        }
    }
}
