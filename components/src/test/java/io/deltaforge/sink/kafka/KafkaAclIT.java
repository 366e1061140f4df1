package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.deltaforge.spi.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rights that are missing on a broker that checks them: nothing is tried again, and the user hears what to grant. */
class KafkaAclIT {
    @TempDir
    static Path files;

    private static SecureKafka kafka;

    private final OrderEvents events = new OrderEvents();

    @BeforeAll
    static void start() throws Exception {
        kafka = SecureKafka.start(
                files,
                Map.of(
                        "authorizer.class.name",
                        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "super.users",
                        "User:ANONYMOUS"));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @AfterEach
    void closeSinks() {
        kafka.closeSinks();
    }

    @Test
    void withoutAnyRightTheTopicAndTheMendAreNamed() throws Exception {
        kafka.cluster().createTopic("orders", 1, Map.of());

        Failure failure = failure("reader", "orders");

        assertThat(failure)
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageStartingWith("not allowed to write to [orders]: ")
                .hasMessageEndingWith(
                        "Grant it: kafka-acls.sh --add --allow-principal User:… --producer --topic orders");
        assertThat(kafka.cluster().readAll("orders")).isEmpty();
    }

    @Test
    void whoMaySeeATopicButWriteToNoneMayNotWriteIdempotently() throws Exception {
        kafka.cluster().createTopic("visits", 1, Map.of());
        grant("watcher", ResourceType.TOPIC, "visits", AclOperation.DESCRIBE);

        Failure failure = failure("watcher", "visits");

        assertThat(failure)
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageStartingWith("not allowed to write idempotently: ")
                .hasMessageContaining("Grant Write on the topics: kafka-acls.sh --add")
                .hasMessageEndingWith("brokers before 2.8 want --idempotent as well.");
    }

    @Test
    void aTransactionalIdIsARightOfItsOwn() throws Exception {
        kafka.cluster().createTopic("payments", 1, Map.of());
        grant("writer", ResourceType.TOPIC, "payments", AclOperation.WRITE);
        grantCheckpoints("writer");

        assertThatThrownBy(() -> kafka.openTransactional(SecureKafka.LOGIN, "payments", login("writer")))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage(
                        "not allowed to use the transactional id deltaforge-shop-sink. Grant it: kafka-acls.sh --add"
                                + " --allow-principal User:… --producer --transactional-id deltaforge-shop-sink");
    }

    @Test
    void soIsTheTopicOfTheCheckpoints() {
        assertThatThrownBy(() -> kafka.openTransactional(SecureKafka.LOGIN, "any", login("reader")))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageStartingWith("topic deltaforge-checkpoints, which keeps the checkpoints of exactly_once,")
                .hasMessageContaining("Grant Read, Write, Describe and Create on it: kafka-acls.sh --add");
    }

    @Test
    void whatTheMessagesSayToGrantIsEnoughForExactlyOnce() throws Exception {
        kafka.cluster().createTopic("exact", 1, Map.of());
        grant("exact", ResourceType.TOPIC, "exact", AclOperation.WRITE, AclOperation.DESCRIBE, AclOperation.CREATE);
        grant(
                "exact",
                ResourceType.TRANSACTIONAL_ID,
                "deltaforge-shop-sink",
                AclOperation.WRITE,
                AclOperation.DESCRIBE);
        grantCheckpoints("exact");
        TransactionalKafkaSink sink = kafka.openTransactional(SecureKafka.LOGIN, "exact", login("exact"));

        sink.write(batch(events.insert(ORDERS, 1, "ann", "n"))).get(60, TimeUnit.SECONDS);
        sink.commit(new TextPosition("0/1"));

        kafka.awaitCommitted("exact", 1);
    }

    @Test
    void whatTheMessageSaysToGrantIsEnough() throws Exception {
        kafka.cluster().createTopic("granted", 1, Map.of());
        grant("forge", ResourceType.TOPIC, "granted", AclOperation.WRITE);

        kafka.open(SecureKafka.LOGIN, "granted", login("forge"))
                .write(batch(events.insert(ORDERS, 1, "ann", "n")))
                .get(60, TimeUnit.SECONDS);

        assertThat(kafka.cluster().readAll("granted")).hasSize(1);
    }

    private Failure failure(String user, String topic) throws Exception {
        KafkaSink sink = kafka.open(SecureKafka.LOGIN, topic, login(user));
        ExecutionException failed = catchThrowableOfType(
                ExecutionException.class,
                () -> sink.write(batch(events.insert(ORDERS, 1, "ann", "n"))).get(20, TimeUnit.SECONDS));
        return (Failure) failed.getCause();
    }

    private static Map<String, String> login(String user) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.username",
                user,
                "sasl.password",
                user + "-secret");
    }

    private static void grantCheckpoints(String user) throws Exception {
        grant(
                user,
                ResourceType.TOPIC,
                SecureKafka.CHECKPOINTS,
                AclOperation.READ,
                AclOperation.WRITE,
                AclOperation.DESCRIBE,
                AclOperation.CREATE);
    }

    private static void grant(String user, ResourceType type, String name, AclOperation... operations)
            throws Exception {
        List<AclBinding> bindings = new ArrayList<>();
        for (AclOperation operation : operations) {
            bindings.add(new AclBinding(
                    new ResourcePattern(type, name, PatternType.LITERAL),
                    new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.ALLOW)));
        }
        try (Admin admin = kafka.cluster().admin()) {
            admin.createAcls(bindings).all().get();
        }
    }
}
