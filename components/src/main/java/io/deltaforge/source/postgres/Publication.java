package io.deltaforge.source.postgres;

import io.deltaforge.spi.Failure;
import io.deltaforge.spi.TablePattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure, before the stream starts, that the publication sends what the pipeline asks for. */
final class Publication {
    private static final Logger log = LoggerFactory.getLogger(Publication.class);

    /**
     * A table that can be published.
     *
     * @param kind relkind: r(elation) or p(artitioned)
     * @param partition whether it is a part of another table
     * @param published whether the publication sends its rows under this name
     */
    private record Candidate(String schema, String table, char kind, boolean partition, boolean published) {
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
        List<String> operations = operationsLeftOut(serverVersion);
        if (operations == null) {
            create(serverVersion);
            return;
        }
        if (!operations.isEmpty()) {
            log.warn(
                    "{}: the publication {} leaves out every {}; to have them: ALTER PUBLICATION {} SET"
                            + " (publish = 'insert, update, delete, truncate');",
                    config.id(),
                    config.publication(),
                    String.join(" and ", operations),
                    quotedName());
        }
        check();
    }

    /** What the publication does not send; {@code null} when there is no publication. */
    private @org.jspecify.annotations.Nullable List<String> operationsLeftOut(int serverVersion) throws Failure {
        return catalog.first(
                "looking for the publication",
                "SELECT pubinsert, pubupdate, pubdelete, " + (serverVersion >= 110_000 ? "pubtruncate" : "true")
                        + " FROM pg_publication WHERE pubname = ?",
                row -> {
                    List<String> missing = new ArrayList<>();
                    List<String> names = List.of("INSERT", "UPDATE", "DELETE", "TRUNCATE");
                    for (int i = 0; i < names.size(); i++) {
                        if (!row.getBoolean(i + 1)) {
                            missing.add(names.get(i));
                        }
                    }
                    return missing;
                },
                config.publication());
    }

    private void create(int serverVersion) throws Failure {
        List<Candidate> captured = new ArrayList<>();
        if (!filter.all()) {
            List<Candidate> candidates = candidates();
            failForMissingTables(candidates);
            for (Candidate candidate : candidates) {
                if (isWanted(candidate)) {
                    captured.add(candidate);
                }
            }
        }
        String tables = filter.all()
                ? "ALL TABLES"
                : captured.stream().map(Candidate::sql).collect(Collectors.joining(", ", "TABLE ", ""));
        String sql = "CREATE PUBLICATION " + quotedName() + " FOR " + tables
                + (serverVersion >= 130_000 ? " WITH (publish_via_partition_root = true)" : "");
        if (!config.create()) {
            throw errors.fatal("there is no publication " + config.publication()
                    + ", and create is false. Create it with: " + sql + ";");
        }
        catalog.execute(
                "creating the publication",
                sql,
                (filter.all()
                                ? "Only a superuser may publish all tables."
                                : "The role needs CREATE on the database and must own the tables.")
                        + " Let one who may run: " + sql + ";");
        log.info("{}: created the publication: {};", config.id(), sql);
        if (filter.entries().stream().anyMatch(entry -> !entry.exact())) {
            log.info(
                    "{}: tables that are created later must be added: ALTER PUBLICATION {} ADD TABLE ...;",
                    config.id(),
                    quotedName());
        }
        warnOfTablesWithoutIdentity();
    }

    /** A partition is published through its root, unless it is asked for by its own name. */
    private boolean isWanted(Candidate candidate) {
        return filter.captures(candidate.schema, candidate.table) && (!candidate.partition || isNamed(candidate));
    }

    private boolean isNamed(Candidate candidate) {
        return filter.entries().stream()
                .anyMatch(entry -> entry.exact() && entry.matches(candidate.schema, candidate.table));
    }

    private List<Candidate> candidates() throws Failure {
        return catalog.query(
                "listing the tables",
                """
                SELECT n.nspname, c.relname, c.relkind::text, c.relispartition, p.tablename IS NOT NULL
                FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                LEFT JOIN (SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = ?) p
                    ON p.schemaname = n.nspname AND p.tablename = c.relname
                WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
                  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
                ORDER BY 1, 2""",
                row -> new Candidate(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3).charAt(0),
                        row.getBoolean(4),
                        row.getBoolean(5)),
                config.publication());
    }

    private void failForMissingTables(List<Candidate> candidates) throws Failure {
        List<String> missing = filter.entries().stream()
                .filter(entry -> candidates.stream().noneMatch(table -> entry.matches(table.schema, table.table)))
                .map(TablePattern::text)
                .toList();
        if (!missing.isEmpty()) {
            throw errors.fatal("the database has no ordinary table " + String.join(", ", missing)
                    + ". Create it first or take it out of `tables`; names are case-sensitive, and views, foreign,"
                    + " temporary and unlogged tables cannot be captured.");
        }
    }

    /** That an existing publication holds what is asked for: a table it lacks would stay silent for ever. */
    private void check() throws Failure {
        List<Candidate> candidates = candidates();
        failForMissingTables(candidates);
        List<Candidate> absent = candidates.stream()
                .filter(table -> !table.published && !filter.all() && isWanted(table))
                .toList();
        List<Candidate> named = absent.stream().filter(this::isNamed).toList();
        if (!named.isEmpty()) {
            throw errors.fatal("the publication " + config.publication() + " does not send "
                    + named.stream().map(Objects::toString).collect(Collectors.joining(", ")) + ". "
                    + mend(named));
        }
        if (!absent.isEmpty()) {
            log.warn(
                    "{}: the publication {} does not send {}, which `tables` matches. {}",
                    config.id(),
                    config.publication(),
                    absent,
                    mend(absent));
        }
    }

    private String mend(List<Candidate> absent) {
        String add = "Add it with: ALTER PUBLICATION " + quotedName() + " ADD TABLE "
                + absent.stream().map(Candidate::sql).collect(Collectors.joining(", ")) + ";";
        boolean partitions = absent.stream().anyMatch(table -> table.partition || table.kind == 'p');
        return partitions
                ? add + " If a partitioned table is there already, its rows go out under the name that"
                        + " publish_via_partition_root says, true for the root's: ALTER PUBLICATION " + quotedName()
                        + " SET (publish_via_partition_root = true);"
                : add;
    }

    /** PostgreSQL refuses UPDATE and DELETE on a published table that says nothing of which row it was. */
    private void warnOfTablesWithoutIdentity() throws Failure {
        List<String> without = catalog.query(
                "looking for tables without a replica identity", """
                SELECT format('%I.%I', p.schemaname, p.tablename) FROM pg_publication_tables p
                JOIN pg_namespace n ON n.nspname = p.schemaname
                JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename
                WHERE p.pubname = ? AND (c.relreplident = 'n' OR c.relreplident = 'd' AND NOT EXISTS
                    (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary))""", row -> row.getString(1), config.publication());
        for (String table : without) {
            log.warn(
                    "{}: {} has no replica identity, so from now on PostgreSQL refuses UPDATE and DELETE on it. Mend it"
                            + " with: ALTER TABLE {} REPLICA IDENTITY FULL;",
                    config.id(),
                    table,
                    table);
        }
    }

    private String quotedName() {
        return Sql.identifier(config.publication());
    }
}
