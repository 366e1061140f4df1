package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.FaultProxy;
import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaListeners;
import io.deltaforge.sandbox.KafkaOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Failure table, "Network partition": nothing passes to the broker, or nothing comes back from it, for longer than an
 * answer may take (2 s here) and for longer than a delivery may take (8 s).
 */
class NetworkPartitionIT {
    private static final String TIMEOUTS = """
                    client_conf: {request.timeout.ms: "2000", message.timeout.ms: "8000"}\
            """;

    private static KafkaCluster kafka;
    private static FaultProxy network;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        kafka = KafkaCluster.start(
                KafkaOptions.defaults().withDefaultPartitions(2).withListeners(KafkaListeners.proxied()));
        network = kafka.proxy(1);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @AfterEach
    void mend() {
        network.resume();
    }

    @Test
    void aPartitionThatEndsInTimeLeavesNoTrace() throws Exception {
        try (Load load = new Load("brief");
                DeltaForge deltaForge = run("brief")) {
            begin(deltaForge, "brief", load);

            network.stall();
            awaitNewConnections();
            network.resume();
            awaitProgress(deltaForge);

            network.stallToClient();
            awaitNewConnections();
            load.assertCheckpointIsCovered(deltaForge, kafka);
            network.resume();
            awaitProgress(deltaForge);

            network.freeze();
            awaitNewConnections();
            awaitProgress(deltaForge);

            List<ConsumerRecord<byte[], byte[]>> records = load.awaitEverything(deltaForge, kafka);
            assertThat(Ledger.replays(records)).isZero();
            assertThat(deltaForge.log()).doesNotContain("trying again");
        }
    }

    @Test
    void aLongPartitionHoldsTheCheckpointAndLosesNothing() throws Exception {
        try (Load load = new Load("lasting");
                DeltaForge deltaForge = run("lasting")) {
            begin(deltaForge, "lasting", load);

            network.stall();
            awaitTrouble(deltaForge, "lasting", load);
            network.resume();

            load.awaitEverything(deltaForge, kafka);
            assertThat(deltaForge.log()).contains("sink kafka: delivering again after ");
        }
    }

    @Test
    void answersThatAreLostForLongCostReplaysAtMost() throws Exception {
        try (Load load = new Load("unheard");
                DeltaForge deltaForge = run("unheard")) {
            begin(deltaForge, "unheard", load);

            network.stallToClient();
            awaitTrouble(deltaForge, "unheard", load);
            load.assertCheckpointIsCovered(deltaForge, kafka);
            network.resume();

            load.awaitEverything(deltaForge, kafka);
        }
    }

    private static void begin(DeltaForge deltaForge, String pipeline, Load load) {
        deltaForge.awaitState(pipeline, "running", "");
        load.begin();
        deltaForge.awaitDelivered(300);
    }

    private static void awaitTrouble(DeltaForge deltaForge, String pipeline, Load load) throws Exception {
        String end = load.commit();
        deltaForge.awaitState(pipeline, "retrying", "sink kafka: Kafka: topic " + pipeline + ".accounts: ");
        assertThat(deltaForge.health()).contains("\"status\":\"degraded\"");
        assertThat(Ledger.isBefore(deltaForge.checkpoint(pipeline), end)).isTrue();
    }

    /** The client gives a request up after two seconds, and its connection with it. */
    private static void awaitNewConnections() {
        long before = network.acceptedConnections();
        await("the client turns to new connections")
                .atMost(Duration.ofMinutes(2))
                .until(() -> network.acceptedConnections() > before);
    }

    private static void awaitProgress(DeltaForge deltaForge) {
        deltaForge.awaitDelivered((long) deltaForge.metric("deltaforge_sink_events_total") + 300);
    }

    private DeltaForge run(String name) {
        Path pipeline = Servers.pipeline(
                directory,
                name,
                Servers.POSTGRES.dsn(name),
                kafka.bootstrapServers(KafkaListeners.PROXIED),
                "public.accounts",
                TIMEOUTS);
        return DeltaForge.run(pipeline, directory);
    }
}
