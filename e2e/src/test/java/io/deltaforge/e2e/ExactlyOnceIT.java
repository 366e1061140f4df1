package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.FaultProxy;
import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise of {@code exactly_once: true}, attacked with SIGKILL, broker restarts and dropped database connections. */
class ExactlyOnceIT {
    private static final int KILLS = 50;
    private static final int BROKER_RESTARTS = 5;
    private static final int DROPPED_CONNECTIONS = 5;
    /** Leaves a topic that a test can read as a whole. */
    private static final long BETWEEN_TRADES_NANOS = 3_000_000;

    private static final Duration A_WHILE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    /** What happens to the pipeline while it works. */
    private enum Attack {
        KILL,
        RESTART_BROKER,
        DROP_CONNECTION
    }

    /** Repeat a run with {@code -Ddeltaforge.seed=…}. */
    @Test
    void aReaderOfCommittedRecordsSeesEveryChangeOnceAndInOrderThroughAnything() throws Exception {
        long seed = Long.getLong("deltaforge.seed", System.nanoTime());
        System.out.println("ExactlyOnceIT: -Ddeltaforge.seed=" + seed);
        Random random = new Random(seed);
        Servers.database("once", Ledger.TABLE);
        try (KafkaCluster kafka = KafkaCluster.start(KafkaOptions.defaults().withDefaultPartitions(4));
                FaultProxy database = FaultProxy.to("127.0.0.1", Servers.POSTGRES.port())) {
            Path pipeline = Servers.pipeline(
                    directory,
                    "once",
                    Servers.POSTGRES.dsn("once").replace(":" + Servers.POSTGRES.port(), ":" + database.port()),
                    kafka.bootstrapServers(),
                    "public.accounts",
                    "        exactly_once: true");
            Ledger ledger = new Ledger(seed);
            DeltaForge last = attack(pipeline, kafka, database, ledger, random);
            try (last) {
                await().atMost(A_WHILE)
                        .pollInterval(Duration.ofMillis(500))
                        .until(() -> committed(kafka).size() >= ledger.confirmedChanges());
                last.terminate();
                assertThat(last.awaitExit()).isZero();
            }
            List<ConsumerRecord<byte[], byte[]>> records = committed(kafka);
            System.out.printf(
                    "ExactlyOnceIT: %d changes committed, %d records that readers see%n",
                    ledger.confirmedChanges(), records.size());
            assertThat(Ledger.replays(records)).isZero();
            assertThat(ledger.violations(records)).isEmpty();
            assertThat(records).hasSize((int) ledger.confirmedChanges());
        }
    }

    /** Returns the run that survived, while the ledger trades no more. */
    private DeltaForge attack(Path pipeline, KafkaCluster kafka, FaultProxy database, Ledger ledger, Random random)
            throws Exception {
        AtomicBoolean trading = new AtomicBoolean(true);
        DeltaForge running = DeltaForge.run(pipeline, directory);
        boolean survived = false;
        try {
            awaitUp(running);
            CompletableFuture<Void> trade = CompletableFuture.runAsync(() -> tradeWhile(trading, ledger));
            for (Attack attack : attacks(random)) {
                long more = (long) running.metric("deltaforge_sink_events_total")
                        + (random.nextInt(4) == 0 ? 0 : random.nextInt(2000));
                awaitDelivery(attack, running, more, kafka);
                switch (attack) {
                    case KILL -> {
                        running.kill();
                        running = DeltaForge.run(pipeline, directory);
                    }
                    case RESTART_BROKER -> kafka.restartBroker(1);
                    case DROP_CONNECTION -> database.reset();
                }
            }
            trading.set(false);
            trade.get();
            survived = true;
            return running;
        } finally {
            trading.set(false);
            if (!survived) {
                running.close();
            }
        }
    }

    private static List<Attack> attacks(Random random) {
        List<Attack> attacks = new ArrayList<>();
        attacks.addAll(Collections.nCopies(KILLS, Attack.KILL));
        attacks.addAll(Collections.nCopies(BROKER_RESTARTS, Attack.RESTART_BROKER));
        attacks.addAll(Collections.nCopies(DROPPED_CONNECTIONS, Attack.DROP_CONNECTION));
        Collections.shuffle(attacks, random);
        return attacks;
    }

    private static void awaitDelivery(Attack attack, DeltaForge running, long events, KafkaCluster kafka)
            throws Exception {
        try {
            running.awaitDelivered(events);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "nothing is delivered before " + attack + "; " + checkpointPartition(kafka) + "; the log:\n"
                            + running.log(),
                    e);
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> committed(KafkaCluster kafka) {
        return kafka.readAll("once.accounts");
    }

    /** What the broker knows of it: who holds a transaction open there, and how far readers get. */
    private static String checkpointPartition(KafkaCluster kafka) throws Exception {
        TopicPartition partition = new TopicPartition("deltaforge-checkpoints", 0);
        try (Admin admin = kafka.admin()) {
            StringBuilder known = new StringBuilder();
            known.append(admin.describeProducers(List.of(partition)).all().get());
            for (IsolationLevel level : IsolationLevel.values()) {
                known.append(", end ").append(level).append(' ');
                known.append(admin.listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(level))
                        .all()
                        .get());
            }
            return known.append(", ")
                    .append(admin.describeTransactions(List.of("deltaforge-once-kafka"))
                            .all()
                            .get())
                    .toString();
        }
    }

    private static void awaitUp(DeltaForge running) {
        await("health").atMost(A_WHILE).until(() -> running.health().contains("\"up\""));
    }

    private static void tradeWhile(AtomicBoolean trading, Ledger ledger) {
        try (Connection connection = Servers.POSTGRES.connect("once")) {
            while (trading.get()) {
                ledger.trade(connection);
                LockSupport.parkNanos(BETWEEN_TRADES_NANOS);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
