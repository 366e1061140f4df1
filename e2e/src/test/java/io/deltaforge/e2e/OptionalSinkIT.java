package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.KafkaCluster;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink that is not required, on a cluster that goes away and comes back. */
class OptionalSinkIT {
    private static final Duration WITHIN = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private static void trade(Ledger ledger, int transactions) throws Exception {
        try (Connection connection = Servers.POSTGRES.connect("optional")) {
            for (int i = 0; i < transactions; i++) {
                ledger.trade(connection);
            }
        }
    }

    private static void awaitAll(KafkaCluster cluster, String topic, Ledger ledger) {
        await(topic)
                .atMost(WITHIN)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() ->
                        assertThat(ledger.violations(cluster.readAll(topic))).isEmpty());
    }

    @Test
    void stallsNobodyWhileItIsAwayAndCatchesUpWithoutARestart() throws Exception {
        Servers.database("optional", Ledger.TABLE);
        Ledger ledger = new Ledger(3);
        try (KafkaCluster second = KafkaCluster.start()) {
            Path pipeline = Servers.pipeline(
                    directory, "optional", "public.accounts", """
                        - type: kafka
                          config:
                            id: second
                            required: false
                            brokers: %s
                            topic: second.accounts
                            send_timeout_secs: 5
                    """.formatted(second.bootstrapServers()));
            try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> deltaForge.health().contains("\"up\""));
                trade(ledger, 200);
                awaitAll(second, "second.accounts", ledger);

                second.stopBroker(1);
                // many times what may wait for a sink in memory
                trade(ledger, 15_000);
                awaitAll(Servers.KAFKA, "optional.accounts", ledger);
                assertThat(deltaForge.metric("deltaforge_spool_events")).isPositive();
                second.startBroker(1);

                awaitAll(second, "second.accounts", ledger);
                await("the spool is empty")
                        .atMost(WITHIN)
                        .until(() -> deltaForge.metric("deltaforge_spool_events") == 0);
                assertThat(deltaForge.isAlive()).isTrue();
            }
        }
    }
}
