package io.deltaforge.source.postgres;

import io.deltaforge.spi.Failure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure, before the stream starts, that the slot still holds what the pipeline needs. */
final class ReplicationSlot {
    private static final Logger log = LoggerFactory.getLogger(ReplicationSlot.class);

    /**
     * A row of pg_replication_slots.
     *
     * @param confirmed up to where the slot has forgotten the log; {@code null} for one that was never usable
     * @param lost why it cannot be used any more, {@code null} while it can
     */
    private record State(
            String plugin,
            String type,
            String database,
            @Nullable PgPosition confirmed,
            @Nullable String lost) {}

    private final PostgresSourceConfig config;
    private final Dsn dsn;
    private final Catalog catalog;
    private final ServerErrors errors;

    ReplicationSlot(PostgresSourceConfig config, Dsn dsn, Catalog catalog, ServerErrors errors) {
        this.config = config;
        this.dsn = dsn;
        this.catalog = catalog;
        this.errors = errors;
    }

    /**
     * Where the stream has to start.
     *
     * @param checkpoint where to go on, {@code null} at the very first start
     * @param durable what every sink that the commit policy asks for holds; others may be far behind it
     */
    PgPosition start(@Nullable PgPosition checkpoint, @Nullable PgPosition durable, int serverVersion) throws Failure {
        if (checkpoint != null) {
            checkSameHistory(checkpoint);
        }
        State state = read(serverVersion);
        if (state != null) {
            checkUsable(state);
        }
        if (state == null || state.lost != null || state.confirmed == null) {
            return startWithNewSlot(state, checkpoint);
        }
        PgPosition confirmed = state.confirmed;
        if (checkpoint == null) {
            return firstStart(confirmed);
        }
        if (!confirmed.isAfter(checkpoint)) {
            return checkpoint;
        }
        if (durable != null && !confirmed.isAfter(durable)) {
            log.error(
                    "{}: DATA LOST for a sink that is not required: it stands at {}, and slot {} has forgotten the log before"
                            + " {}",
                    config.id(),
                    checkpoint,
                    config.slot(),
                    confirmed);
            return confirmed;
        }
        lost("slot " + config.slot() + " has forgotten the log before " + confirmed + ", but the checkpoint is at "
                + checkpoint + ": the changes between them cannot be had any more");
        return confirmed;
    }

    private PgPosition firstStart(PgPosition confirmed) throws Failure {
        return switch (config.startPosition()) {
            case StartPosition.Earliest e -> confirmed;
            case StartPosition.Latest l -> {
                PgPosition now = new PgPosition(catalog.logEnd());
                yield now.isAfter(confirmed) ? now : confirmed;
            }
            case StartPosition.AtLsn at -> {
                if (confirmed.isAfter(at.position())) {
                    throw errors.fatal("start_position asks for " + at.lsn() + ", but slot " + config.slot()
                            + " keeps the log only from " + confirmed
                            + " on. Use that LSN or a later one, or start_position: earliest.");
                }
                PgPosition end = new PgPosition(catalog.logEnd());
                if (at.position().isAfter(end)) {
                    throw errors.fatal("start_position asks for " + at.lsn() + ", but the server's log ends at " + end
                            + ". Use an LSN up to that one, or start_position: latest.");
                }
                yield at.position();
            }
        };
    }

    private PgPosition startWithNewSlot(@Nullable State unusable, @Nullable PgPosition checkpoint) throws Failure {
        String sql = "SELECT pg_create_logical_replication_slot(" + Sql.literal(config.slot()) + ", 'pgoutput')";
        if (unusable != null) {
            lost("slot " + config.slot() + " cannot be used any more ("
                    + (unusable.lost == null ? "it was never completed" : unusable.lost) + ")"
                    + (checkpoint == null ? "" : ", and the changes since the checkpoint " + checkpoint + " are lost"));
            catalog.query(
                    "dropping the unusable slot",
                    "SELECT pg_drop_replication_slot(?)",
                    row -> config.slot(),
                    config.slot());
        } else if (checkpoint != null) {
            lost("slot " + config.slot() + " is gone although there is a checkpoint at " + checkpoint
                    + ": the changes since then are lost");
        }
        if (!config.create()) {
            throw errors.fatal(
                    "there is no slot " + config.slot() + ", and create is false. Create it with: " + sql + ";");
        }
        PgPosition created = create(sql);
        log.info("{}: created the slot, it starts at {}: {};", config.id(), created, sql);
        return checkpoint == null ? firstStart(created) : created;
    }

    private PgPosition create(String sql) throws Failure {
        try {
            PgPosition created = catalog.first(
                    "creating the slot with " + sql,
                    "SELECT lsn::text FROM pg_create_logical_replication_slot(?, 'pgoutput')",
                    row -> PgPosition.parse(row.getString(1)),
                    config.slot());
            if (created == null) {
                throw errors.fatal("the server created slot " + config.slot() + " without saying where it starts");
            }
            return created;
        } catch (Failure.Retryable e) {
            if (e.getCause() instanceof SQLException cause && ServerErrors.QUERY_CANCELED.equals(cause.getSQLState())) {
                throw new Failure.Retryable(
                        e.getMessage() + " A new slot waits for transactions that are open: " + openTransactions(), e);
            }
            throw e;
        }
    }

    private String openTransactions() throws Failure {
        List<String> open = catalog.query("looking for open transactions", """
                SELECT 'pid ' || pid || ' (' || coalesce(usename, '') || ', ' || coalesce(application_name, '') || ', '
                       || coalesce(state, '') || ') since ' || xact_start
                FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
                ORDER BY xact_start LIMIT 5""", row -> row.getString(1));
        return open.isEmpty() ? "none any more" : String.join("; ", open);
    }

    /** Starting beyond the log's end would silently leave out all that is written up to there. */
    private void checkSameHistory(PgPosition checkpoint) throws Failure {
        PgPosition end = new PgPosition(catalog.logEnd());
        if (checkpoint.isAfter(end)) {
            throw errors.fatal("the checkpoint is at " + checkpoint + ", but the server's log ends at " + end
                    + ": this is another server, or it was restored from a backup, and what the sinks hold is not what it"
                    + " holds. Delete the pipeline's checkpoints to start afresh.");
        }
    }

    /** Changes are lost: stops, unless the pipeline was told to go on without them. */
    private void lost(String what) throws Failure {
        switch (config.onMissingSlot()) {
            case FAIL ->
                throw errors.fatal(what + ". What the sinks lack can only come from a new copy of the tables. To go on"
                        + " without it, start once with on_missing_slot: recreate.");
            case RECREATE ->
                log.warn("{}: DATA LOST: {}; going on as on_missing_slot: recreate says", config.id(), what);
        }
    }

    private void checkUsable(State state) throws Failure {
        if (!state.type.equals("logical")) {
            throw errors.fatal("slot " + config.slot()
                    + " is a physical one, which standby servers use. Choose another name for `slot`.");
        }
        if (!state.plugin.equals("pgoutput")) {
            throw errors.fatal("slot " + config.slot() + " was made for the plugin " + state.plugin
                    + ", not for pgoutput. Choose another name for `slot`, or drop it when nobody needs it: SELECT"
                    + " pg_drop_replication_slot(" + Sql.literal(config.slot()) + ");");
        }
        if (!state.database.equals(dsn.database())) {
            throw errors.fatal("slot " + config.slot() + " belongs to the database " + state.database
                    + ", and a slot sees only its own. Choose another name for `slot`, or connect to that database.");
        }
    }

    private @Nullable State read(int serverVersion) throws Failure {
        String lost = serverVersion >= 170_000
                ? "CASE WHEN wal_status = 'lost' OR invalidation_reason IS NOT NULL"
                        + " THEN coalesce(invalidation_reason, 'wal_removed') END"
                : serverVersion >= 130_000 ? "CASE WHEN wal_status = 'lost' THEN 'wal_removed' END" : "NULL";
        return catalog.first(
                "looking for the slot",
                "SELECT coalesce(plugin, ''), slot_type, coalesce(database, ''), confirmed_flush_lsn::text, " + lost
                        + " FROM pg_replication_slots WHERE slot_name = ?",
                ReplicationSlot::state,
                config.slot());
    }

    private static State state(ResultSet row) throws SQLException {
        String confirmed = row.getString(4);
        return new State(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                confirmed == null ? null : PgPosition.parse(confirmed),
                row.getString(5));
    }
}
