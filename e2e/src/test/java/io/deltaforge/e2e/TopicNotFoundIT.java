package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failure table, "Topic not found": brokers that create topics by themselves, brokers that do not, and create_topics. */
class TopicNotFoundIT {
    private static KafkaCluster kafka;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        kafka = KafkaCluster.start(
                KafkaOptions.defaults().withServerProperties(Map.of("auto.create.topics.enable", "false")));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void aMissingTopicIsNamedWithTheCommandThatMendsItAndDeliveryGoesOnOnceItIsThere() throws Exception {
        try (Load load = new Load("no_topic");
                DeltaForge deltaForge = DeltaForge.run(pipeline("no_topic", ""), directory)) {
            deltaForge.awaitState("no_topic", "running", "");
            String end = load.commit();

            deltaForge.awaitState(
                    "no_topic",
                    "retrying",
                    "sink kafka: topic no_topic.accounts is not there: create it (kafka-topics.sh --bootstrap-server "
                            + kafka.bootstrapServers()
                            + " --create --topic no_topic.accounts), or let the sink do so with create_topics");
            load.trade(20);
            double failures = deltaForge.metric("deltaforge_sink_errors_total");
            await("further attempts")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> deltaForge.metric("deltaforge_sink_errors_total") >= failures + 2);
            assertThat(Ledger.isBefore(deltaForge.checkpoint("no_topic"), end)).isTrue();

            kafka.createTopic("no_topic.accounts", 2, Map.of());
            // seconds, where the producer's own wait and the back-off would make it more than a minute
            await("delivery soon after the topic is there")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !Ledger.isBefore(deltaForge.checkpoint("no_topic"), end));

            List<ConsumerRecord<byte[], byte[]>> records = load.awaitEverything(deltaForge, kafka);
            assertThat(Ledger.replays(records)).isZero();
        }
    }

    @Test
    void createTopicsCreatesIt() throws Exception {
        try (Load load = new Load("created_topic");
                DeltaForge deltaForge = DeltaForge.run(
                        pipeline(
                                "created_topic",
                                "        create_topics: {partitions: 3, configs: {retention.ms: \"86400000\"}}"),
                        directory)) {
            deltaForge.awaitState("created_topic", "running", "");
            load.trade(20);

            assertThat(Ledger.replays(load.awaitEverything(deltaForge, kafka))).isZero();
            assertThat(partitions(kafka, "created_topic.accounts")).isEqualTo(3);
            assertThat(deltaForge.log()).contains("sink kafka: created topic created_topic.accounts");
        }
    }

    @Test
    void brokersThatCreateTopicsByThemselvesNeedNothing() throws Exception {
        Path pipeline = Servers.pipeline(directory, "auto_topic", "public.accounts", "");
        try (Load load = new Load("auto_topic");
                DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
            deltaForge.awaitState("auto_topic", "running", "");
            load.trade(20);

            assertThat(Ledger.replays(load.awaitEverything(deltaForge, Servers.KAFKA)))
                    .isZero();
            assertThat(partitions(Servers.KAFKA, "auto_topic.accounts")).isEqualTo(4);
            assertThat(deltaForge.log()).doesNotContain("trying again");
        }
    }

    private Path pipeline(String name, String more) {
        return Servers.pipeline(
                directory, name, Servers.POSTGRES.dsn(name), kafka.bootstrapServers(), "public.accounts", more);
    }

    private static int partitions(KafkaCluster cluster, String topic) throws Exception {
        try (Admin admin = cluster.admin()) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .size();
        }
    }
}
