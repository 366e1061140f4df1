package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sink.Orders;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Template;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.Sender;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TransactionalKafkaSinkIT {
    private static final int COMMITS = 40;
    private static final Pattern NOTE = Pattern.compile("\"note\":\"([^\"]*)\"");

    private static KafkaCluster kafka;

    private final OrderEvents events = new OrderEvents();
    private final List<TransactionalKafkaSink> sinks = new ArrayList<>();

    /** A place in a log of numbers. */
    private record At(String text) implements Position {
        @Override
        public boolean covers(Position other) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Position earliest(Position other) {
            throw new UnsupportedOperationException();
        }
    }

    @BeforeAll
    static void start() {
        kafka = KafkaCluster.start(KafkaOptions.defaults()
                .withServerProperties(Map.of(
                        "auto.create.topics.enable", "false",
                        // how often transactions are looked at that have taken too long
                        "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500")));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @AfterEach
    void closeSinks() {
        sinks.forEach(TransactionalKafkaSink::close);
    }

    @Test
    void eventsAreSeenOnceTheyAreCommittedAndTheCheckpointWithThem() throws Exception {
        kafka.createTopic("seen", 3, Map.of());
        TransactionalKafkaSink sink = open("seen", "seen", Map.of());
        assertThat(sink.checkpoint()).isNull();

        delivered(sink.write(batch(insert(1, "a"), insert(2, "b"))));
        delivered(sink.write(batch(insert(3, "c"))));
        assertThat(committed("seen")).isEmpty();
        sink.commit(new At("0/1"));

        assertThat(committed("seen")).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(sink.checkpoint()).isEqualTo("0/1");
        assertThat(open("seen", "seen", Map.of()).checkpoint()).isEqualTo("0/1");
    }

    @Test
    void whatWasNotCommittedIsGoneAfterARestartAndDoesNotHoldReadersUp() throws Exception {
        kafka.createTopic("gone", 1, Map.of());
        TransactionalKafkaSink first = open("gone", "gone", Map.of());
        delivered(first.write(batch(insert(1, "a"))));
        first.commit(new At("0/1"));
        delivered(first.write(batch(insert(2, "lost"))));

        TransactionalKafkaSink second = open("gone", "gone", Map.of());
        assertThat(second.checkpoint()).isEqualTo("0/1");
        delivered(second.write(batch(insert(2, "b"))));
        second.commit(new At("0/2"));

        assertThat(committed("gone")).containsExactly("a", "b");
    }

    @Test
    void closingGivesAnOpenTransactionUpSoThatReadersGoOn() throws Exception {
        kafka.createTopic("closed", 1, Map.of());
        TransactionalKafkaSink sink = open("closed", "closed", Map.of());
        delivered(sink.write(batch(insert(1, "lost"))));

        sink.close();

        try (KafkaProducer<byte[], byte[]> other = plainProducer()) {
            other.send(new ProducerRecord<>("closed", "{\"note\":\"later\"}".getBytes(UTF_8)))
                    .get();
        }
        assertThat(committed("closed")).containsExactly("later");
    }

    @Test
    void aSecondInstanceStopsTheFirstWithTheLikelyCause() throws Exception {
        kafka.createTopic("fenced", 1, Map.of());
        TransactionalKafkaSink first = open("fenced", "fenced", Map.of());
        delivered(first.write(batch(insert(1, "a"))));
        first.commit(new At("0/1"));
        delivered(first.write(batch(insert(2, "b"))));
        open("fenced", "fenced", Map.of());

        assertThatThrownBy(() -> first.commit(new At("0/2")))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("deltaforge-fenced-sink")
                .hasMessageContaining("second instance");
        assertThat(committed("fenced")).containsExactly("a");
    }

    @Test
    void aSecondInstanceIsFoundAtTheNextWriteToo() throws Exception {
        kafka.createTopic("fenced-write", 1, Map.of());
        TransactionalKafkaSink first = open("fenced-write", "fenced-write", Map.of());
        open("fenced-write", "fenced-write", Map.of());

        assertThat(failure(first.write(batch(insert(1, "a")))))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("second instance");
    }

    @Test
    void aTransactionThatTakesTooLongSaysWhichSettingToRaise() throws Exception {
        kafka.createTopic("slow", 1, Map.of());
        TransactionalKafkaSink sink = open("slow", "slow", Map.of("transaction.timeout.ms", "1000"));
        delivered(sink.write(batch(insert(1, "a"))));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> admin.describeTransactions(List.of("deltaforge-slow-sink"))
                            .all()
                            .get()
                            .get("deltaforge-slow-sink")
                            .state()
                            .toString()
                            .equals("CompleteAbort"));
        }

        assertThatThrownBy(() -> sink.commit(new At("0/1")))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessageContaining("transaction.timeout.ms");
        sink.reset();
        delivered(sink.write(batch(insert(1, "a"))));
        sink.commit(new At("0/1"));
        assertThat(committed("slow")).containsExactly("a");
    }

    @Test
    void anEventThatIsTooLargeIsLeftOutOfTheTransactionWhenItIsWrittenAgain() throws Exception {
        kafka.createTopic("large", 1, Map.of("max.message.bytes", "20000"));
        TransactionalKafkaSink sink = open("large", "large", Map.of("compression.type", "none"));
        Batch before = batch(insert(1, "a"));
        Batch batch = batch(insert(2, "b"), insert(3, "x".repeat(30_000)), insert(4, "c"));
        delivered(sink.write(before));
        assertThat(failure(sink.write(batch))).isInstanceOf(Failure.Retryable.class);

        sink.reset();
        delivered(sink.write(before));
        Failure refused = failure(sink.write(batch));
        sink.commit(new At("0/4"));

        assertThat(refused)
                .isInstanceOfSatisfying(
                        Failure.Rejected.class,
                        rejected -> assertThat(rejected.events())
                                .singleElement()
                                .satisfies(event -> {
                                    assertThat(event.index()).isEqualTo(1);
                                    assertThat(event.kind()).isEqualTo("message_too_large");
                                }));
        assertThat(committed("large")).containsExactly("a", "b", "c");
    }

    @Test
    void anEventThatTheClientRefusesIsLeftOutToo() throws Exception {
        kafka.createTopic("larger", 1, Map.of());
        TransactionalKafkaSink sink = open("larger", "larger", Map.of("max.request.size", "20000"));
        Batch batch = batch(insert(2, "b"), insert(3, "x".repeat(30_000)));
        assertThat(failure(sink.write(batch))).isInstanceOf(Failure.Retryable.class);

        sink.reset();
        Failure refused = failure(sink.write(batch));
        sink.commit(new At("0/3"));

        assertThat(refused).isInstanceOf(Failure.Rejected.class);
        assertThat(committed("larger")).containsExactly("b");
    }

    @Test
    void theCheckpointTopicIsMadeToKeepWhatItHolds() throws Exception {
        kafka.createTopic("made", 1, Map.of());
        open("made", "made", Map.of());

        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "deltaforge-checkpoints");
            assertThat(admin.describeConfigs(List.of(topic))
                            .all()
                            .get()
                            .get(topic)
                            .get("cleanup.policy")
                            .value())
                    .isEqualTo("compact");
        }
    }

    @Test
    void aCheckpointTopicThatForgetsIsRefused() throws Exception {
        kafka.createTopic("forgets", 1, Map.of("cleanup.policy", "delete"));

        assertThatThrownBy(() -> open("any", "forgetful", Map.of(), "forgets"))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("cleanup.policy=compact");
    }

    /** A transaction of somebody else, begun before our last one, must not hide it. */
    @Test
    void theCheckpointIsReadPastTransactionsOfOthers() throws Exception {
        kafka.createTopic("others", 1, Map.of());
        TransactionalKafkaSink ours = open("others", "ours", Map.of());
        try (KafkaProducer<byte[], byte[]> other = openInCheckpoints("somebody-else")) {
            delivered(ours.write(batch(insert(1, "a"))));
            ours.commit(new At("0/1"));

            CompletableFuture<String> read = CompletableFuture.supplyAsync(() -> {
                try {
                    return open("others", "ours", Map.of()).checkpoint();
                } catch (Failure e) {
                    throw new IllegalStateException(e);
                }
            });
            await().during(Duration.ofSeconds(1)).until(() -> !read.isDone());
            other.commitTransaction();

            assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo("0/1");
        }
    }

    /** Somebody else was killed at the instant of a commit: the brokers keep that transaction open for minutes. */
    @Test
    void aTransactionThatAnotherLeftOpenBehindOurCheckpointHoldsNobodyUp() throws Exception {
        kafka.createTopic("left-open", 1, Map.of());
        TransactionalKafkaSink ours = open("left-open", "waits-for-nobody", Map.of());
        delivered(ours.write(batch(insert(1, "a"))));
        ours.commit(new At("0/1"));
        KafkaProducer<byte[], byte[]> other = openInCheckpoints("was-killed");
        try (other) {
            assertThat(open("left-open", "waits-for-nobody", Map.of()).checkpoint())
                    .isEqualTo("0/1");
            assertThat(open("left-open", "is-new", Map.of()).checkpoint()).isNull();
        }
    }

    /** As for a letter that a human asks for once more after mending the topic, with no commit between. */
    @Test
    void whatWasLeftOutIsTriedAfreshOnceItIsForgotten() throws Exception {
        kafka.createTopic("mended", 1, Map.of("max.message.bytes", "20000"));
        TransactionalKafkaSink sink = open("mended", "mended", Map.of("compression.type", "none"));
        Batch large = batch(insert(1, "x".repeat(30_000)));
        assertThat(failure(sink.write(large))).isInstanceOf(Failure.Retryable.class);
        sink.reset();
        assertThat(failure(sink.write(large))).isInstanceOf(Failure.Rejected.class);
        sink.reset();
        sink.forget();
        try (Admin admin = kafka.admin()) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, "mended");
            ConfigEntry raised = new ConfigEntry("max.message.bytes", "100000");
            admin.incrementalAlterConfigs(Map.of(topic, List.of(new AlterConfigOp(raised, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }

        delivered(sink.write(large));
        sink.commit(new At("0/1"));

        assertThat(committed("mended")).hasSize(1);
    }

    private static KafkaProducer<byte[], byte[]> openInCheckpoints(String transactionalId) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", transactionalId);
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("deltaforge-checkpoints", 0, "x".getBytes(UTF_8), "y".getBytes(UTF_8)))
                .get();
        return producer;
    }

    /**
     * The client looks whether anything is still to be sent, and only then at what is to be done: between the two a record may
     * come, and the end of its transaction (ADR 0019). So each commit begins when the client's thread is just there.
     */
    @Test
    void noCommitOvertakesItsCheckpoint() throws Exception {
        kafka.createTopic("overtaken", 1, Map.of());
        TransactionalKafkaSink sink =
                open("overtaken", "overtaken", Map.of("message.timeout.ms", "5000"), "overtaken-checkpoints");
        KafkaProducer<?, ?> producer = ((KafkaWriter) field(TransactionalKafkaSink.class, "writer", sink)).producer();
        Object transactions = field(KafkaProducer.class, "transactionManager", Objects.requireNonNull(producer));
        Sender sender = (Sender) field(KafkaProducer.class, "sender", producer);
        Thread sending = (Thread) field(KafkaProducer.class, "ioThread", producer);
        List<String> expected = new ArrayList<>();

        for (int i = 1; i <= COMMITS; i++) {
            delivered(sink.write(batch(insert(i, "n" + i))));
            boolean isThere = false;
            while (!isThere) {
                sender.wakeup();
                spin(RandomGenerator.getDefault().nextLong(100_000)); // it takes the lock in other places before
                synchronized (transactions) {
                    isThere = isHeldUpAtNextRequest(sending);
                }
            }
            sink.commit(new At("0/" + i));
            expected.add("0/" + i);
        }

        assertThat(values("overtaken-checkpoints")).containsExactlyElementsOf(expected);
    }

    private static boolean isHeldUpAtNextRequest(Thread sending) {
        spin(200_000);
        StackTraceElement[] stack = sending.getStackTrace();
        return sending.getState() == Thread.State.BLOCKED
                && stack.length > 0
                && stack[0].getMethodName().equals("nextRequest");
    }

    private static void spin(long nanos) {
        long startNanos = System.nanoTime();
        while (System.nanoTime() - startNanos < nanos) {
            Thread.onSpinWait();
        }
    }

    private static Object field(Class<?> type, String name, Object of) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(of);
    }

    private Event insert(int id, String note) {
        return events.insert(ORDERS, id, "ann", note);
    }

    private TransactionalKafkaSink open(String topic, String pipeline, Map<String, String> clientConf) throws Failure {
        return open(topic, pipeline, clientConf, "deltaforge-checkpoints");
    }

    private TransactionalKafkaSink open(
            String topic, String pipeline, Map<String, String> clientConf, String checkpointTopic) throws Failure {
        TransactionalKafkaSink sink = new TransactionalKafkaSink(new KafkaSinkConfig(
                "sink",
                kafka.bootstrapServers(),
                Template.parse(topic),
                null,
                new NativeEnvelope(),
                new JsonEncoding(),
                true,
                false,
                true,
                checkpointTopic,
                60,
                clientConf,
                null));
        synchronized (sinks) {
            sinks.add(sink);
        }
        sink.open(Orders.context(pipeline));
        return sink;
    }

    private static void delivered(CompletableFuture<Void> acknowledged) throws Exception {
        acknowledged.get(30, TimeUnit.SECONDS);
    }

    private static Failure failure(CompletableFuture<Void> acknowledged) throws Exception {
        try {
            acknowledged.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (Failure) e.getCause();
        }
        throw new AssertionError("it was delivered");
    }

    private static KafkaProducer<byte[], byte[]> plainProducer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** The notes in {@link #values}. */
    private static List<String> committed(String topic) {
        return values(topic).stream()
                .map(value -> {
                    Matcher note = NOTE.matcher(value);
                    return note.find() ? note.group(1) : "none";
                })
                .toList();
    }

    /**
     * What a reader of committed records sees in a topic, by partition. A commit that the coordinator has noted is waited for;
     * an open transaction is not.
     */
    private static List<String> values(String topic) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed");
                KafkaConsumer<byte[], byte[]> uncommitted = consumer("read_uncommitted")) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends =
                    isOpen(topic, partitions) ? consumer.endOffsets(partitions) : uncommitted.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(new String(record.value(), UTF_8));
                }
            }
        }
        return values;
    }

    private static boolean isOpen(String topic, List<TopicPartition> partitions) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            for (TransactionListing transaction : admin.listTransactions().all().get()) {
                TransactionDescription found = admin.describeTransactions(List.of(transaction.transactionalId()))
                        .description(transaction.transactionalId())
                        .get();
                if (found.state() == TransactionState.ONGOING
                        && partitions.stream().anyMatch(found.topicPartitions()::contains)) {
                    return true;
                }
            }
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("asking for the transactions of " + topic, e);
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", isolation),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
