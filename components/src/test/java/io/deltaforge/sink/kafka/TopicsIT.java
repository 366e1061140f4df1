package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static io.deltaforge.sink.kafka.Written.delivered;
import static io.deltaforge.sink.kafka.Written.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sink.Orders;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.Rendered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Topics that are not there, with and without {@code create_topics}, where the brokers create none by themselves. */
class TopicsIT {
    private static final CreateTopics DEFAULTS = new CreateTopics(null, null, Map.of());

    private static KafkaCluster kafka;

    private final OrderEvents events = new OrderEvents();
    private final List<KafkaSink> sinks = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        kafka = KafkaCluster.start(KafkaOptions.defaults()
                .withDefaultPartitions(2)
                .withServerProperties(Map.of(
                        "auto.create.topics.enable", "false",
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "allow.everyone.if.no.acl.found", "true")));
        ResourcePattern cluster = new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL);
        ResourcePattern forbidden = new ResourcePattern(ResourceType.TOPIC, "forbidden", PatternType.LITERAL);
        try (Admin admin = kafka.admin()) {
            admin.createAcls(List.of(
                            acl(cluster, AclOperation.ALL, AclPermissionType.ALLOW),
                            acl(cluster, AclOperation.CREATE, AclPermissionType.DENY),
                            acl(forbidden, AclOperation.WRITE, AclPermissionType.ALLOW)))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @AfterEach
    void closeSinks() {
        sinks.forEach(KafkaSink::close);
    }

    @Test
    void aMissingTopicIsCreatedAsAskedFor() throws Exception {
        KafkaSink sink = open("made.${source.table}", new CreateTopics(5, 1, Map.of("cleanup.policy", "compact")));

        delivered(sink.write(batch(events.insert(ORDERS, 1, "c", "a"))));

        assertThat(partitions("made.orders")).isEqualTo(5);
        assertThat(config("made.orders", "cleanup.policy")).isEqualTo("compact");
        assertThat(kafka.readAll("made.orders")).map(Written::note).containsExactly("a");
    }

    @Test
    void whatIsNotSaidIsLeftToTheBrokers() throws Exception {
        delivered(open("by-default", DEFAULTS).write(batch(events.insert(ORDERS, 1, "c", "a"))));

        assertThat(partitions("by-default")).isEqualTo(2);
    }

    @Test
    void aTopicThatIsThereStaysAsItIs() throws Exception {
        kafka.createTopic("old", 1, Map.of());

        delivered(open("old", new CreateTopics(5, 1, Map.of("cleanup.policy", "compact")))
                .write(batch(events.insert(ORDERS, 1, "c", "a"))));

        assertThat(partitions("old")).isEqualTo(1);
        assertThat(config("old", "cleanup.policy")).isEqualTo("delete");
    }

    @Test
    void sinksThatCreateTheSameTopicDoNotDisturbOneAnother() throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            KafkaSink sink = open("${after.customer}", DEFAULTS);
            Batch batch = batch(
                    events.insert(ORDERS, 1, "race-1", "a"),
                    events.insert(ORDERS, 2, "race-2", "b"),
                    events.insert(ORDERS, 3, "race-3", "c"));
            CompletableFuture<Void> written = new CompletableFuture<>();
            all.add(written);
            Thread.ofPlatform().start(() -> {
                try {
                    delivered(sink.write(batch));
                    written.complete(null);
                } catch (Exception e) {
                    written.completeExceptionally(e);
                }
            });
        }

        for (CompletableFuture<Void> written : all) {
            delivered(written);
        }
        assertThat(kafka.readAll("race-1")).hasSize(4);
        assertThat(kafka.readAll("race-3")).hasSize(4);
    }

    @Test
    void aTopicThatWasDeletedIsCreatedAgain() throws Exception {
        KafkaSink sink = open("deleted", DEFAULTS, Map.of("message.timeout.ms", "2000"));
        delivered(sink.write(batch(events.insert(ORDERS, 1, "c", "before"))));
        try (Admin admin = kafka.admin()) {
            admin.deleteTopics(List.of("deleted")).all().get();
        }
        Batch batch = batch(events.insert(ORDERS, 1, "c", "after"));

        assertThat(failure(sink.write(batch))).isInstanceOf(Failure.Retryable.class);
        sink.reset();
        delivered(sink.write(batch));

        assertThat(kafka.readAll("deleted")).map(Written::note).containsExactly("after");
    }

    @Test
    void whoMayNotCreateTopicsIsToldWhichRightIsMissing() throws Exception {
        KafkaSink sink = open("forbidden", DEFAULTS);

        assertThat(failure(sink.write(batch(events.insert(ORDERS, 1, "c", "a")))))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageStartingWith("not allowed to create topic forbidden: ")
                .hasMessageEndingWith(
                        "Grant it: kafka-acls.sh --add --allow-principal User:… --operation Create --topic"
                                + " forbidden, or create the topic yourself.");
    }

    @Test
    void aSettingThatKafkaDoesNotTakeIsFatal() throws Exception {
        KafkaSink unknown = open("unknown-setting", new CreateTopics(1, 1, Map.of("cleanup.polcy", "compact")));
        KafkaSink wrong = open("wrong-setting", new CreateTopics(1, 1, Map.of("retention.ms", "a week")));
        Batch batch = batch(events.insert(ORDERS, 1, "c", "a"));

        assertThat(failure(unknown.write(batch)))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageStartingWith("topic unknown-setting cannot be created: ")
                .hasMessageContaining("cleanup.polcy")
                .hasMessageEndingWith(" Mend create_topics.configs.");
        assertThat(failure(wrong.write(batch)))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("retention.ms");
    }

    @Test
    void brokersThatAreStillToComeAreWaitedFor() throws Exception {
        KafkaSink sink = open("wide", new CreateTopics(1, 3, Map.of()));

        assertThat(failure(sink.write(batch(events.insert(ORDERS, 1, "c", "a")))))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessageStartingWith("topic wide cannot be created: ")
                .hasMessageEndingWith(" Start more brokers, or lower create_topics.replication_factor.");
        assertThatThrownBy(sink::reset).isInstanceOf(Failure.Retryable.class);
    }

    @Test
    void aNameThatCollidesIsARejection() throws Exception {
        kafka.createTopic("a_b", 1, Map.of());
        KafkaSink sink = open("${after.customer}", DEFAULTS);

        Failure failure = failure(sink.write(
                batch(events.insert(ORDERS, 1, "a.b", "collides"), events.insert(ORDERS, 2, "a_b", "fine"))));

        assertThat(failure).isInstanceOf(Failure.Rejected.class).hasMessageContaining("a_b");
        assertThat(kafka.readAll("a_b")).map(Written::note).containsExactly("fine");
    }

    @Test
    void aMissingTopicIsNoticedSoonAndWhatPrecedesItIsNotSentAgainForEveryAttempt() throws Exception {
        kafka.createTopic("there", 1, Map.of());
        KafkaSink sink = open("${after.customer}", null);
        Batch batch = batch(events.insert(ORDERS, 1, "there", "a"), events.insert(ORDERS, 1, "late", "b"));
        long begunNanos = System.nanoTime();

        Failure failure = failure(sink.write(batch));
        Duration until = Duration.ofNanos(System.nanoTime() - begunNanos);

        assertThat(failure)
                .isInstanceOfSatisfying(
                        Failure.Retryable.class,
                        retryable -> assertThat(retryable.after()).isEqualTo(Duration.ofSeconds(1)))
                .hasMessage("topic late is not there: create it (kafka-topics.sh --bootstrap-server "
                        + kafka.bootstrapServers()
                        + " --create --topic late), or let the sink do so with create_topics");
        assertThat(until).isLessThan(Duration.ofSeconds(10));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(sink::reset).hasMessage(failure.getMessage());
        }
        kafka.createTopic("late", 1, Map.of());
        sink.reset();
        delivered(sink.write(batch));

        assertThat(kafka.readAll("late")).map(Written::note).containsExactly("b");
        assertThat(kafka.readAll("there")).map(Written::note).containsExactly("a", "a");
    }

    @Test
    void aMissingTopicOfWhatAHumanMadeIsNoticedSoonToo() throws Exception {
        KafkaSink sink = open("any", null);
        Rendered record = new Rendered("mistyped", null, null, "{}".getBytes(UTF_8), List.of());
        long begunNanos = System.nanoTime();

        Failure failure = failure(sink.write(new HandMade("0/1:0", record, null, true)));

        assertThat(failure).isInstanceOf(Failure.Retryable.class).hasMessageContaining("topic mistyped is not there");
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void aMissingTopicIsNotWaitedForOnceSomebodyElseKeepsItsEvent() throws Exception {
        kafka.createTopic("goes-on", 1, Map.of());
        KafkaSink sink = open("${after.customer}", null);
        failure(sink.write(batch(events.insert(ORDERS, 1, "never", "a"))));
        assertThatThrownBy(sink::reset).hasMessageContaining("topic never is not there");

        sink.forget();
        sink.reset();
        delivered(sink.write(batch(events.insert(ORDERS, 2, "goes-on", "b"))));

        assertThat(kafka.readAll("goes-on")).map(Written::note).containsExactly("b");
    }

    private KafkaSink open(String topic, CreateTopics createTopics) throws Failure {
        return open(topic, createTopics, Map.of());
    }

    private KafkaSink open(String topic, CreateTopics createTopics, Map<String, String> clientConf) throws Failure {
        KafkaSink sink = new KafkaSink(SinkConfigs.of(kafka.bootstrapServers(), topic, clientConf, createTopics));
        sinks.add(sink);
        sink.open(Orders.CONTEXT);
        return sink;
    }

    private static AclBinding acl(ResourcePattern resource, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(resource, new AccessControlEntry("User:ANONYMOUS", "*", operation, permission));
    }

    private static int partitions(String topic) throws Exception {
        try (Admin admin = kafka.admin()) {
            TopicDescription described =
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
            return described.partitions().size();
        }
    }

    private static String config(String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = kafka.admin()) {
            return admin.describeConfigs(List.of(resource))
                    .all()
                    .get()
                    .get(resource)
                    .get(name)
                    .value();
        }
    }
}
