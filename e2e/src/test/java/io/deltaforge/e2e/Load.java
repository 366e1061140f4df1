package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.KafkaCluster;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Steady trade on one database while something else fails, and what has to be true of it then and afterwards. */
final class Load implements AutoCloseable {
    private static final Duration WITHIN = Duration.ofMinutes(2);

    private final String database;
    private final Ledger ledger;
    private final Connection connection;
    private final ScheduledExecutorService clerk = Executors.newSingleThreadScheduledExecutor();
    private ScheduledFuture<?> steady;

    /** An empty database of this name, with the ledger's table; nobody trades yet. */
    Load(String database) throws SQLException {
        this.database = database;
        Servers.database(database, Ledger.TABLE);
        ledger = new Ledger(database.hashCode());
        connection = Servers.POSTGRES.connect(database);
    }

    /** Commits about 100 transactions a second, until {@link #settle}. */
    void begin() {
        steady = clerk.scheduleWithFixedDelay(() -> trade(2), 0, 20, TimeUnit.MILLISECONDS);
    }

    /** Commits some transactions now. */
    void trade(int transactions) {
        try {
            for (int i = 0; i < transactions; i++) {
                ledger.trade(connection);
            }
            ledger.bookmark(connection);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the trade. */
    void settle() throws Exception {
        ScheduledFuture<?> trading = steady;
        if (trading != null) {
            assertThat(trading.isDone()).as("the trade goes on").isFalse();
            trading.cancel(false);
            steady = null;
        }
        clerk.submit(() -> {}).get();
    }

    /** Commits a transaction and returns a place in the log behind it. */
    String commit() throws Exception {
        return clerk.submit(() -> {
                    ledger.trade(connection);
                    return ledger.bookmark(connection);
                })
                .get();
    }

    /** Checks that Kafka holds whatever the checkpoint covers, at this moment. */
    void assertCheckpointIsCovered(DeltaForge deltaForge, KafkaCluster kafka) {
        String checkpoint = deltaForge.checkpoint(database);
        if (!checkpoint.isEmpty()) {
            assertThat(ledger.uncovered(checkpoint, kafka.readAll(topic()))).isEmpty();
        }
    }

    /** Waits until every committed change is in the topic, per account in order, and the checkpoint has followed. */
    List<ConsumerRecord<byte[], byte[]>> awaitEverything(DeltaForge deltaForge, KafkaCluster kafka) throws Exception {
        settle();
        String end = commit();
        await("everything in " + topic())
                .atMost(WITHIN)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() ->
                        assertThat(ledger.violations(kafka.readAll(topic()))).isEmpty());
        await("the checkpoint at " + end)
                .atMost(WITHIN)
                .until(() -> !Ledger.isBefore(deltaForge.checkpoint(database), end));
        return kafka.readAll(topic());
    }

    long confirmedChanges() {
        return ledger.confirmedChanges();
    }

    private String topic() {
        return database + ".accounts";
    }

    @Override
    public void close() throws SQLException {
        clerk.shutdownNow();
        connection.close();
    }
}
