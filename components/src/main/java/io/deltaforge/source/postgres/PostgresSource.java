package io.deltaforge.source.postgres;

import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Source;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the changes of a PostgreSQL database from a logical replication slot. Confined to the source thread. */
public final class PostgresSource implements Source {
    private static final Logger log = LoggerFactory.getLogger(PostgresSource.class);

    public static final ComponentType<Source, PostgresSourceConfig> TYPE = new ComponentType<>(
            Source.class,
            "postgres",
            "Changes of a PostgreSQL database (10 or newer), by logical replication with pgoutput.",
            PostgresSourceConfig.class,
            PostgresSource::new);

    private static final int OLDEST_VERSION = 100_000;

    private final PostgresSourceConfig config;
    private final Dsn dsn;
    private final SourceInfo info;
    private final ServerErrors errors;
    private final Catalog catalog;
    private final Publication publication;
    private final ReplicationSlot slot;
    private final Handover handover = new Handover();
    private final PgOutputDecoder decoder;
    private @Nullable ReplicationStream stream;

    /** Once it ran, a dropped table must not keep it from reading on. */
    private boolean started;

    public PostgresSource(PostgresSourceConfig config) {
        this.config = config;
        this.dsn = Dsn.parse(config.dsn().reveal());
        this.info = new SourceInfo("postgresql", config.id(), dsn.database());
        this.errors = new ServerErrors(dsn);
        this.catalog = new Catalog(dsn, errors);
        TableFilter filter = TableFilter.parse(config.tables());
        this.publication = new Publication(config, filter, catalog, errors);
        this.slot = new ReplicationSlot(config, dsn, catalog, errors);
        this.decoder = new PgOutputDecoder(info, new TableShapes(filter, catalog), handover);
    }

    @Override
    public SourceInfo info() {
        return info;
    }

    @Override
    public Position parsePosition(String text) {
        return PgPosition.parse(text);
    }

    @Override
    public void run(Feed feed) throws Failure {
        close();
        handover.to(feed);
        decoder.reset();
        PgPosition checkpoint = (PgPosition) feed.resumeFrom();
        int version = checkServer();
        if (!started) {
            publication.ensure(version);
        }
        PgPosition start = slot.start(checkpoint, (PgPosition) feed.durable(), version);
        ReplicationStream opened = new ReplicationStream(
                ReplicationConnection.open(config, dsn, errors, start, version),
                start,
                decoder,
                handover,
                catalog,
                errors);
        stream = opened;
        started = true;
        if (!start.equals(checkpoint)) {
            // a restart before the first commit must begin here too, not at the `latest` of then
            handover.commit(start);
        }
        log.info("{}: reading {} from {} on", config.id(), dsn, start);
        try {
            opened.run(feed);
        } catch (SQLException e) {
            throw errors.failure(e, "reading from slot " + config.slot());
        }
    }

    /** The server's version as a number, e.g. 180006 for 18.6. */
    private int checkServer() throws Failure {
        int version = Integer.parseInt(catalog.setting("server_version_num"));
        if (version < OLDEST_VERSION) {
            throw errors.fatal("version " + catalog.setting("server_version")
                    + " has no pgoutput. Logical replication needs PostgreSQL 10 or newer.");
        }
        String walLevel = catalog.setting("wal_level");
        if (!walLevel.equals("logical")) {
            throw errors.fatal("wal_level is " + walLevel
                    + ", and then the log does not say what changed. Set it and restart the server: ALTER SYSTEM SET"
                    + " wal_level = logical;");
        }
        return version;
    }

    @Override
    public void close() {
        ReplicationStream closing = stream;
        stream = null;
        if (closing != null) {
            closing.close();
        }
        catalog.close();
    }
}
