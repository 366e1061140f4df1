package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.FaultProxy;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running pipeline survives by itself. */
class OutageIT {
    @TempDir
    Path directory;

    private static void trade(String database, Ledger ledger, int transactions) throws Exception {
        try (Connection connection = Servers.POSTGRES.connect(database)) {
            for (int i = 0; i < transactions; i++) {
                ledger.trade(connection);
            }
        }
    }

    private static void awaitAllDelivered(Ledger ledger, String topic) {
        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(ledger.violations(Servers.KAFKA.readAll(topic)))
                        .isEmpty());
    }

    private static void awaitUp(DeltaForge deltaForge) {
        await().atMost(Duration.ofMinutes(2)).until(() -> deltaForge.health().contains("\"up\""));
    }

    @Test
    void aStalledBrokerHoldsTheReadingButNotTheConnectionAndNothingIsLost() throws Exception {
        Servers.database("stalled", Ledger.TABLE);
        Ledger ledger = new Ledger(1);
        try (FaultProxy proxy = FaultProxy.to(Servers.POSTGRES.host(), Servers.POSTGRES.port())) {
            Path pipeline = Servers.pipeline(
                    directory,
                    "stalled",
                    through(proxy, "stalled"),
                    Servers.KAFKA.bootstrapServers(),
                    "public.accounts",
                    "  batch: {max_bytes: 20000}");
            try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
                awaitUp(deltaForge);
                trade("stalled", ledger, 50);
                awaitAllDelivered(ledger, "stalled.accounts");

                Servers.KAFKA.stopBroker(1);
                try {
                    // far more than the queue holds, for longer than wal_sender_timeout (5 s)
                    trade("stalled", ledger, 8000);
                    long connectionsBefore = proxy.acceptedConnections();
                    await().during(Duration.ofSeconds(12))
                            .atMost(Duration.ofSeconds(14))
                            .until(() -> proxy.acceptedConnections() == connectionsBefore && deltaForge.isAlive());
                } finally {
                    Servers.KAFKA.startBroker(1);
                }

                awaitAllDelivered(ledger, "stalled.accounts");
            }
        }
    }

    @Test
    void aDroppedDatabaseConnectionIsTakenUpAgainWithoutReplays() throws Exception {
        Servers.database("dropped", Ledger.TABLE);
        Ledger ledger = new Ledger(2);
        try (FaultProxy proxy = FaultProxy.to(Servers.POSTGRES.host(), Servers.POSTGRES.port())) {
            Path pipeline = Servers.pipeline(
                    directory,
                    "dropped",
                    through(proxy, "dropped"),
                    Servers.KAFKA.bootstrapServers(),
                    "public.accounts",
                    "");
            try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
                awaitUp(deltaForge);
                for (int i = 0; i < 5; i++) {
                    trade("dropped", ledger, 200);
                    proxy.reset();
                }
                awaitAllDelivered(ledger, "dropped.accounts");

                assertThat(Ledger.replays(Servers.KAFKA.readAll("dropped.accounts")))
                        .isZero();
            }
        }
    }

    @Test
    void aTransactionOfHalfAMillionRowsPassesThroughASmallHeap() throws Exception {
        Servers.database("huge", "CREATE TABLE rows (id int PRIMARY KEY, note text)");
        Path pipeline = Servers.pipeline(directory, "huge", "public.rows", "");
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory, "-Xmx64m")) {
            awaitUp(deltaForge);

            Servers.POSTGRES.executeIn(
                    "huge", "INSERT INTO rows SELECT i, repeat('x', 300) FROM generate_series(1, 500000) i");

            deltaForge.awaitDelivered(500_000);
        }
    }

    private static String through(FaultProxy proxy, String database) {
        URI dsn = URI.create(Servers.POSTGRES.dsn(database));
        return "postgres://" + dsn.getUserInfo() + "@127.0.0.1:" + proxy.port() + dsn.getPath();
    }
}
