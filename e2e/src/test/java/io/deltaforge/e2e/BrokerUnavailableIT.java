package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failure table, "Broker unavailable": at the start, at a wrong address, and under load. */
class BrokerUnavailableIT {
    private static final String RETRYING = "retrying";

    @TempDir
    Path directory;

    @Test
    void aBrokerThatIsDownAtTheStartIsWaitedFor() throws Exception {
        try (Load load = new Load("down_at_start")) {
            Servers.KAFKA.stopBroker(1);
            Path pipeline = Servers.pipeline(directory, "down_at_start", "public.accounts", "");
            try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
                String end;
                try {
                    deltaForge.awaitState(
                            "down_at_start",
                            RETRYING,
                            "sink kafka: no broker of " + Servers.KAFKA.bootstrapServers()
                                    + " answered within 10000 ms (is it up, are host and port right, and is"
                                    + " security.protocol PLAINTEXT what it speaks?)");
                    assertThat(deltaForge.health()).contains("\"status\":\"degraded\"");
                    assertThat(deltaForge.log()).contains("WARN").contains("; trying again in ");
                    end = load.commit();
                } finally {
                    Servers.KAFKA.startBroker(1);
                }
                assertThat(Ledger.isBefore(deltaForge.checkpoint("down_at_start"), end))
                        .isTrue();

                load.awaitEverything(deltaForge, Servers.KAFKA);
                deltaForge.awaitState("down_at_start", "running", "\"trouble\":null");
            }
        }
    }

    @Test
    void anAddressThatDoesNotExistIsNamedAndTriedAgain() throws Exception {
        Servers.database("nowhere", Ledger.TABLE);
        Path pipeline = Servers.pipeline(
                directory, "nowhere", Servers.POSTGRES.dsn("nowhere"), "nowhere.invalid:9092", "public.accounts", "");
        try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            deltaForge.awaitState(
                    "nowhere",
                    RETRYING,
                    "sink kafka: none of the `brokers` has an address: check the host names and" + " the name service");

            assertThat(deltaForge.checkpoint("nowhere")).isEmpty();
            assertThat(deltaForge.isAlive()).isTrue();
        }
    }

    @Test
    void aBrokerKilledUnderLoadIsRiddenOut() throws Exception {
        try (Load load = new Load("killed_broker")) {
            Path pipeline =
                    Servers.pipeline(directory, "killed_broker", "public.accounts", "        send_timeout_secs: 3");
            try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
                deltaForge.awaitState("killed_broker", "running", "");
                load.begin();
                deltaForge.awaitDelivered(500);

                Servers.KAFKA.killBroker(1);
                String end;
                try {
                    end = load.commit();
                    deltaForge.awaitState(
                            "killed_broker", RETRYING, "sink kafka: Kafka: topic killed_broker.accounts: ");
                    String checkpoint = deltaForge.checkpoint("killed_broker");
                    assertThat(Ledger.isBefore(checkpoint, end)).isTrue();
                    await().during(Duration.ofSeconds(5))
                            .atMost(Duration.ofSeconds(7))
                            .until(() ->
                                    deltaForge.checkpoint("killed_broker").equals(checkpoint) && deltaForge.isAlive());
                } finally {
                    Servers.KAFKA.startBroker(1);
                }
                load.assertCheckpointIsCovered(deltaForge, Servers.KAFKA);

                load.awaitEverything(deltaForge, Servers.KAFKA);
                assertThat(deltaForge.log()).contains("sink kafka: delivering again after ");
            }
        }
    }
}
