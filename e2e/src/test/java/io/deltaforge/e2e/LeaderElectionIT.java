package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failure table, "Leader election": three replicas, two of which must hold a record, and leaders that are killed. */
class LeaderElectionIT {
    private static final String TOPIC = "elected.accounts";

    @TempDir
    Path directory;

    @Test
    void leadersKilledUnderLoadAndComingBackCostNeitherARecordNorADuplicate() throws Exception {
        try (KafkaCluster kafka = KafkaCluster.start(
                        KafkaOptions.defaults().withBrokers(3).withHeapMegabytes(256));
                Load load = new Load("elected")) {
            Path pipeline = Servers.pipeline(
                    directory,
                    "elected",
                    Servers.POSTGRES.dsn("elected"),
                    kafka.bootstrapServers(),
                    "public.accounts",
                    "        create_topics: {partitions: 3, replication_factor: 3, configs: {min.insync.replicas: \"2\"}}");
            try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
                deltaForge.awaitState("elected", "running", "");
                load.begin();
                deltaForge.awaitDelivered(500);

                for (int partition = 0; partition < 2; partition++) {
                    awaitInSync(kafka);
                    int leader = partitions(kafka).get(partition).leader().id();
                    kafka.killBroker(leader);
                    double before = deltaForge.metric("deltaforge_sink_events_total");
                    load.assertCheckpointIsCovered(deltaForge, kafka);
                    deltaForge.awaitDelivered((long) before + 1000);
                    load.assertCheckpointIsCovered(deltaForge, kafka);
                    assertThat(partitions(kafka).get(partition).leader().id()).isNotEqualTo(leader);
                    kafka.startBroker(leader);
                }

                List<ConsumerRecord<byte[], byte[]>> records = load.awaitEverything(deltaForge, kafka);
                assertThat(Ledger.replays(records)).isZero();
                assertThat(deltaForge.log()).doesNotContain("trying again");
                deltaForge.awaitState("elected", "running", "\"trouble\":null");
            }
        }
    }

    private static void awaitInSync(KafkaCluster kafka) {
        await("all replicas in sync")
                .atMost(Duration.ofMinutes(2))
                .until(() -> partitions(kafka).stream()
                        .allMatch(partition -> partition.isr().size() == 3));
    }

    private static List<TopicPartitionInfo> partitions(KafkaCluster kafka) throws Exception {
        try (Admin admin = kafka.admin()) {
            return admin.describeTopics(List.of(TOPIC))
                    .allTopicNames()
                    .get()
                    .get(TOPIC)
                    .partitions();
        }
    }
}
