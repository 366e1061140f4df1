package io.deltaforge.source.postgres;

import io.deltaforge.event.Position;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replication connection from its start to its end. Confined to the source thread.
 *
 * <p>The server takes us for dead when it hears nothing for {@code wal_sender_timeout}, so it is told what is flushed once a
 * second, also while the feed has no room and nothing is read.
 */
final class ReplicationStream implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ReplicationStream.class);

    private static final long REPORT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long HEARTBEAT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Duration STALL_SLICE = Duration.ofMillis(500);

    /** A poll waits 1 ms for data by itself; after this time without any, polls become rarer to leave the CPU alone. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long QUIET_PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(15);
    private static final int MESSAGES_BETWEEN_CHORES = 256;

    private static final String OBJECT_NOT_IN_PREREQUISITE_STATE = "55000";

    /** Before the payload of an XLogData message: 'w', the LSN, the log's end, the server's clock. */
    private static final int HEADER_BYTES = 25;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final ReplicationConnection connection;
    private final PGReplicationStream stream;
    private final PgOutputDecoder decoder;
    private final Handover handover;
    private final Catalog catalog;
    private final ServerErrors errors;

    private long confirmed;
    private boolean quiet;
    private long quietSinceNanos;
    private long lastHeartbeatNanos;
    private long lastCommitted;
    private long lastReportNanos;
    private int messagesSinceChores;

    ReplicationStream(
            ReplicationConnection connection,
            PgPosition start,
            PgOutputDecoder decoder,
            Handover handover,
            Catalog catalog,
            ServerErrors errors) {
        this.errors = errors;
        this.connection = connection;
        this.stream = connection.stream();
        this.decoder = decoder;
        this.handover = handover;
        this.catalog = catalog;
        this.confirmed = start.lsn();
        long now = System.nanoTime();
        this.lastHeartbeatNanos = now;
        this.lastReportNanos = now - REPORT_INTERVAL_NANOS;
    }

    /** Reads until the feed is stopped. */
    void run(Feed feed) throws Failure, SQLException {
        while (!feed.stopped()) {
            if (!feed.hasRoom()) {
                stall(feed);
                continue;
            }
            ByteBuffer message = stream.readPending();
            if (message == null) {
                quiet(feed);
                continue;
            }
            quiet = false;
            byte[] data = message.array();
            int start = message.arrayOffset() + message.position();
            int header = start - HEADER_BYTES;
            decoder.decode(data, start, start + message.remaining(), (long) LONG.get(data, header + 1), (long)
                    LONG.get(data, header + 17));
            if (++messagesSinceChores >= MESSAGES_BETWEEN_CHORES) {
                chores(feed, System.nanoTime());
            }
        }
    }

    /** Waits for room; the server hears from us all the while. */
    private void stall(Feed feed) throws Failure, SQLException {
        do {
            feed.awaitRoom(STALL_SLICE);
            chores(feed, System.nanoTime());
        } while (!feed.hasRoom() && !feed.stopped());
    }

    private void quiet(Feed feed) throws Failure, SQLException {
        long now = System.nanoTime();
        if (!quiet) {
            quiet = true;
            quietSinceNanos = now;
        }
        feed.idle();
        chores(feed, now);
        heartbeat(now);
        if (now - quietSinceNanos > QUIET_NANOS) {
            LockSupport.parkNanos(QUIET_PARK_NANOS);
        }
    }

    /**
     * Moves on when the log held nothing for us, so that the slot of an idle table does not keep what others write.
     *
     * <p>Never inside of a transaction: there, a keep-alive's position lies beyond rows that are still to come.
     */
    private void heartbeat(long now) throws Failure, SQLException {
        if (handover.committed() != lastCommitted) {
            lastCommitted = handover.committed();
            lastHeartbeatNanos = now;
        }
        if (!decoder.inTransaction() && now - lastHeartbeatNanos >= HEARTBEAT_INTERVAL_NANOS) {
            lastHeartbeatNanos = now;
            failIfChangesWereLeftOut();
            handover.commit(new PgPosition(stream.getLastReceiveLSN().asLong()));
            lastCommitted = handover.committed();
        }
    }

    private void chores(Feed feed, long now) throws Failure, SQLException {
        messagesSinceChores = 0;
        if (now - lastReportNanos >= REPORT_INTERVAL_NANOS) {
            lastReportNanos = now;
            confirm(feed.durable());
            stream.forceUpdateStatus();
            feed.lagBytes(
                    Math.max(0, catalog.logEnd() - stream.getLastReceiveLSN().asLong()));
            failIfChangesWereLeftOut();
        }
    }

    /** Since version 18 a server that misses the publication only warns, and leaves all changes out. */
    private void failIfChangesWereLeftOut() throws Failure, SQLException {
        SQLWarning warning = connection.connection().getWarnings();
        if (warning == null) {
            return;
        }
        connection.connection().clearWarnings();
        for (; warning != null; warning = warning.getNextWarning()) {
            if (OBJECT_NOT_IN_PREREQUISITE_STATE.equals(warning.getSQLState())) {
                throw errors.fatal(
                        "the server left changes out: " + warning.getMessage() + ". " + ServerErrors.SKIPPED);
            }
            log.warn("the server warns: {}", warning.getMessage());
        }
    }

    /** Invariant 1: nothing but what is durable at the sinks is ever confirmed. */
    private void confirm(@Nullable Position durable) {
        if (durable instanceof PgPosition(long lsn) && Long.compareUnsigned(lsn, confirmed) > 0) {
            confirmed = lsn;
            LogSequenceNumber flushed = LogSequenceNumber.valueOf(lsn);
            stream.setFlushedLSN(flushed);
            stream.setAppliedLSN(flushed);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
