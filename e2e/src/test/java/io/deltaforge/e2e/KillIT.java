package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise that nothing is lost, attacked with SIGKILL. */
class KillIT {
    private static final int KILLS = 20;

    @TempDir
    Path directory;

    /**
     * Kills come at random progress, so that they meet start-up, catching up and steady running alike. Repeat a run with {@code -Ddeltaforge.seed=…}.
     */
    @Test
    void twentyKillsUnderLoadLoseNothingAndKeepTheOrderPerKey() throws Exception {
        long seed = Long.getLong("deltaforge.seed", System.nanoTime());
        System.out.println("KillIT: -Ddeltaforge.seed=" + seed);
        Random random = new Random(seed);
        Servers.database("killed", Ledger.TABLE);
        // the longer a record waits in the producer, the more a checkpoint that runs ahead of it would lose
        Path pipeline = Servers.pipeline(
                directory,
                "killed",
                "public.accounts",
                "        client_conf: {linger.ms: \"300\", batch.size: \"1000000\"}");
        Ledger ledger = new Ledger(seed);
        AtomicBoolean trading = new AtomicBoolean(true);

        // the slot must be there before the first change
        try (DeltaForge first = DeltaForge.run(pipeline, directory)) {
            await().atMost(Duration.ofMinutes(2)).until(() -> first.health().contains("\"up\""));
        }
        CompletableFuture<Void> trade = CompletableFuture.runAsync(() -> tradeWhile(trading, ledger));
        for (int kill = 0; kill < KILLS; kill++) {
            DeltaForge victim = DeltaForge.run(pipeline, directory);
            awaitMoment(victim, kill, random);
            victim.kill();
        }
        trading.set(false);
        trade.get();

        List<ConsumerRecord<byte[], byte[]>> records;
        try (DeltaForge last = DeltaForge.run(pipeline, directory)) {
            await("everything in the topic")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> assertThat(ledger.violations(Servers.KAFKA.readAll("killed.accounts")))
                            .isEmpty());
            records = Servers.KAFKA.readAll("killed.accounts");
            last.terminate();
            assertThat(last.awaitExit()).isZero();
        }
        System.out.printf(
                "KillIT: %d changes committed, %d records, %d of them replays%n",
                ledger.confirmedChanges(), records.size(), Ledger.replays(records));
        assertThat(records.size() - Ledger.replays(records)).isEqualTo(ledger.confirmedChanges());
    }

    /**
     * Half of the kills follow deliveries; the other half a checkpoint that has just moved, when a record that it covers
     * and Kafka does not hold yet would be lost for good.
     */
    private static void awaitMoment(DeltaForge victim, int kill, Random random) {
        if (kill % 2 == 0) {
            victim.awaitDelivered(random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(3000));
        } else {
            victim.awaitCheckpoints("killed", 2 + random.nextInt(4));
        }
    }

    private static void tradeWhile(AtomicBoolean trading, Ledger ledger) {
        try (Connection connection = Servers.POSTGRES.connect("killed")) {
            while (trading.get()) {
                ledger.trade(connection);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
