package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.VISITS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static io.deltaforge.sink.kafka.OrderEvents.table;
import static io.deltaforge.sink.kafka.Written.delivered;
import static io.deltaforge.sink.kafka.Written.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.event.Event;
import io.deltaforge.event.Op;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sink.Orders;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Template;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaSinkIT {
    private static final Map<String, String> IMPATIENT = Map.of("message.timeout.ms", "2000");

    private static KafkaCluster kafka;

    private final OrderEvents events = new OrderEvents();
    private final List<KafkaSink> sinks = new ArrayList<>();

    @BeforeAll
    static void start() {
        kafka = KafkaCluster.start(
                KafkaOptions.defaults().withServerProperties(Map.of("auto.create.topics.enable", "false")));
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
    void theKeyIsThePrimaryKeyAndATableWithoutOneHasNone() throws Exception {
        kafka.createTopic("keys", 1, Map.of());
        KafkaSink sink = open("keys", null, false, Map.of());

        delivered(sink.write(batch(events.insert(ORDERS, 7, "ann", "n"), events.insert(VISITS, 7, "ann", "n"))));

        assertThat(kafka.readAll("keys")).map(KafkaSinkIT::key).containsExactly("{\"id\":7}", null);
    }

    @Test
    void aTemplateMakesTheKey() throws Exception {
        kafka.createTopic("template-keys", 1, Map.of());
        KafkaSink sink = open("template-keys", "c-${after.customer}", false, Map.of());

        delivered(sink.write(batch(events.insert(ORDERS, 1, "ann", "n"), events.insert(ORDERS, 2, null, "n"))));

        assertThat(kafka.readAll("template-keys")).map(KafkaSinkIT::key).containsExactly("c-ann", null);
    }

    @Test
    void aTemplateChoosesTheTopic() throws Exception {
        kafka.createTopic("shop.public.orders", 1, Map.of());
        kafka.createTopic("shop.public.visits", 1, Map.of());
        KafkaSink sink = open("shop.${source.schema}.${source.table}", null, false, Map.of());

        delivered(sink.write(batch(
                events.insert(ORDERS, 1, "ann", "first"),
                events.insert(VISITS, 2, "bob", "second"),
                events.insert(ORDERS, 3, "cyd", "third"))));

        assertThat(kafka.readAll("shop.public.orders")).map(Written::note).containsExactly("first", "third");
        assertThat(kafka.readAll("shop.public.visits")).map(Written::note).containsExactly("second");
    }

    @Test
    void aDeleteIsFollowedByATombstoneWhereOneIsAskedFor() throws Exception {
        kafka.createTopic("tombstones", 1, Map.of());
        kafka.createTopic("no-tombstones", 1, Map.of());
        Batch deletes = batch(events.delete(ORDERS, 1), events.delete(VISITS, 2));

        delivered(open("tombstones", null, true, Map.of()).write(deletes));
        delivered(open("no-tombstones", null, false, Map.of()).write(deletes));

        List<ConsumerRecord<byte[], byte[]>> records = kafka.readAll("tombstones");
        assertThat(records).map(KafkaSinkIT::key).containsExactly("{\"id\":1}", "{\"id\":1}", null);
        assertThat(records).map(record -> record.value() == null).containsExactly(false, true, false);
        assertThat(kafka.readAll("no-tombstones")).hasSize(2).noneMatch(record -> record.value() == null);
    }

    @Test
    void headersSayWhatAnEventIs() throws Exception {
        kafka.createTopic("headers", 1, Map.of());

        delivered(open("headers", null, true, Map.of()).write(batch(events.delete(ORDERS, 1))));

        List<ConsumerRecord<byte[], byte[]>> records = kafka.readAll("headers");
        assertThat(headers(records.get(0))).containsExactly("event-id=0/1:0", "content-type=application/json");
        assertThat(headers(records.get(1))).containsExactly("event-id=0/1:0");
    }

    @Test
    void orderPerKeyHoldsWhileBrokersRestart() throws Exception {
        kafka.createTopic("ordered", 3, Map.of());
        KafkaSink sink = open("ordered", null, false, Map.of("linger.ms", "1"));
        AtomicBoolean restarted = new AtomicBoolean();
        Thread restarts = Thread.ofPlatform().start(() -> {
            kafka.killBroker(1);
            kafka.startBroker(1);
            restarted.set(true);
        });

        int rounds = 0;
        List<CompletableFuture<Void>> onTheWay = new ArrayList<>();
        while (!restarted.get() || rounds < 2000) {
            int round = rounds++;
            onTheWay.add(sink.write(batch(IntStream.range(0, 5)
                    .mapToObj(id -> events.insert(ORDERS, id, "c", Integer.toString(round)))
                    .toArray(Event[]::new))));
            if (onTheWay.size() == 50) {
                delivered(onTheWay.removeFirst());
            }
        }
        for (CompletableFuture<Void> batch : onTheWay) {
            delivered(batch);
        }
        restarts.join();

        Map<String, List<String>> notes = new HashMap<>();
        kafka.readAll("ordered")
                .forEach(record -> notes.computeIfAbsent(key(record), key -> new ArrayList<>())
                        .add(Written.note(record)));
        List<String> expected =
                IntStream.range(0, rounds).mapToObj(Integer::toString).toList();
        assertThat(notes)
                .hasSize(5)
                .allSatisfy((key, values) -> assertThat(values).isEqualTo(expected));
    }

    @Test
    void aMissingTopicIsWaitedForAndNothingOvertakesItsEvents() throws Exception {
        kafka.createTopic("there", 1, Map.of());
        KafkaSink sink = open("${after.customer}", null, false, IMPATIENT);
        Batch first = batch(events.insert(ORDERS, 1, "there", "a"), events.insert(ORDERS, 1, "late", "b"));
        Batch second = batch(events.insert(ORDERS, 1, "there", "c"));

        CompletableFuture<Void> firstTry = sink.write(first);
        CompletableFuture<Void> overtaking = sink.write(second);

        assertThat(failure(firstTry))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessage("topic late is not there: create it (kafka-topics.sh --bootstrap-server "
                        + kafka.bootstrapServers()
                        + " --create --topic late), or let the sink do so with create_topics");
        assertThat(failure(overtaking)).isInstanceOf(Failure.Retryable.class);
        assertThat(kafka.readAll("there")).map(Written::note).containsExactly("a");

        kafka.createTopic("late", 1, Map.of());
        sink.reset();
        delivered(sink.write(first));
        delivered(sink.write(second));

        assertThat(kafka.readAll("late")).map(Written::note).containsExactly("b");
        assertThat(kafka.readAll("there")).map(Written::note).containsExactly("a", "a", "c");
    }

    @Test
    void aBrokerThatIsDownIsWaitedFor() throws Exception {
        kafka.createTopic("away", 1, Map.of());
        KafkaSink sink = open("away", null, false, IMPATIENT);
        Batch before = batch(events.insert(ORDERS, 1, "c", "before"));
        Batch during = batch(events.insert(ORDERS, 1, "c", "during"));
        Batch after = batch(events.insert(ORDERS, 1, "c", "after"));
        delivered(sink.write(before));

        kafka.stopBroker(1);
        CompletableFuture<Void> down = sink.write(during);
        assertThat(failure(down)).isInstanceOf(Failure.Retryable.class);
        assertThat(failure(sink.write(after))).isInstanceOf(Failure.Retryable.class);
        assertThatThrownBy(() -> open("away", null, false, IMPATIENT))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessageContaining("no broker of " + kafka.bootstrapServers() + " answered within 2000 ms")
                .hasMessageContaining("is security.protocol PLAINTEXT what it speaks?");
        kafka.startBroker(1);
        sink.reset();
        delivered(sink.write(during));
        delivered(sink.write(after));

        assertThat(kafka.readAll("away")).map(Written::note).containsExactly("before", "during", "after");
    }

    @Test
    void aRecordThatIsTooLargeForTheClientIsRejectedAlone() throws Exception {
        kafka.createTopic("client-limit", 1, Map.of());
        KafkaSink sink = open("client-limit", null, false, Map.of("message.max.bytes", "2000"));

        CompletableFuture<Void> written = sink.write(batch(
                events.insert(ORDERS, 1, "c", "small"),
                events.insert(ORDERS, 2, "c", "x".repeat(3000)),
                events.insert(ORDERS, 3, "c", "small too")));

        assertThat(rejected(written)).containsExactly("1 message_too_large");
        assertThat(failure(written)).hasMessageContaining("max.request.size");
        assertThat(kafka.readAll("client-limit")).map(Written::note).containsExactly("small", "small too");
    }

    @Test
    void aRecordThatIsTooLargeForTheBrokerIsRejectedAlone() throws Exception {
        kafka.createTopic("broker-limit", 1, Map.of("max.message.bytes", "4000"));
        KafkaSink sink = open("broker-limit", null, false, Map.of("linger.ms", "200"));

        CompletableFuture<Void> written = sink.write(batch(
                events.insert(ORDERS, 1, "c", "a"),
                events.insert(ORDERS, 2, "c", "b"),
                events.insert(ORDERS, 3, "c", incompressible(20_000)),
                events.insert(ORDERS, 4, "c", "d")));

        assertThat(rejected(written)).containsExactly("2 message_too_large");
        assertThat(kafka.readAll("broker-limit")).map(Written::note).containsExactly("a", "b", "d");
    }

    @Test
    void aRecordThatTheBrokerRefusesDoesNotTakeItsNeighboursAlong() throws Exception {
        kafka.createTopic("compacted", 1, Map.of("cleanup.policy", "compact"));
        KafkaSink sink = open("compacted", null, false, Map.of("linger.ms", "200"));
        Batch batch = batch(
                events.insert(ORDERS, 1, "c", "a"),
                events.insert(VISITS, 2, "c", "no key"),
                events.insert(ORDERS, 3, "c", "b"),
                events.insert(VISITS, 4, "c", "no key either"),
                events.insert(ORDERS, 5, "c", "d"));

        CompletableFuture<Void> together = sink.write(batch);
        assertThat(failure(together)).isInstanceOf(Failure.Retryable.class);
        sink.reset();
        CompletableFuture<Void> again = sink.write(batch);

        assertThat(rejected(again)).containsExactly("1 invalid_record", "3 invalid_record");
        // a partition's first record travels alone, so it was there already when its batch failed
        assertThat(kafka.readAll("compacted")).map(Written::note).containsExactly("a", "a", "b", "d");
    }

    @Test
    void anIllegalTopicNameIsARejection() throws Exception {
        kafka.createTopic("legal", 1, Map.of());
        KafkaSink sink = open("${source.table}", null, false, Map.of());

        CompletableFuture<Void> written = sink.write(batch(
                events.insert(table("legal", true), 1, "c", "a"),
                events.insert(table("order lines", true), 2, "c", "b"),
                events.insert(table("legal", true), 3, "c", "d")));

        assertThat(rejected(written)).containsExactly("1 invalid_topic");
        assertThat(kafka.readAll("legal")).map(Written::note).containsExactly("a", "d");
    }

    @Test
    void aTopicTemplateWithoutAValueIsARejection() throws Exception {
        kafka.createTopic("ann", 1, Map.of());
        KafkaSink sink = open("${after.customer}", null, false, Map.of());

        CompletableFuture<Void> written =
                sink.write(batch(events.insert(ORDERS, 1, null, "a"), events.insert(ORDERS, 2, "ann", "b")));

        assertThat(rejected(written)).containsExactly("0 no_topic");
        assertThat(kafka.readAll("ann")).map(Written::note).containsExactly("b");
    }

    @Test
    void anEventThatCannotBeEncodedIsARejection() throws Exception {
        kafka.createTopic("encoded", 1, Map.of());
        KafkaSink sink = open("encoded", null, false, Map.of());
        Event tooFewColumns = new RowChange(
                Op.CREATE,
                ORDERS,
                null,
                Row.ofTexts("1"),
                events.insert(ORDERS, 1, "c", "n").transaction(),
                1,
                0);

        CompletableFuture<Void> written = sink.write(batch(tooFewColumns, events.insert(ORDERS, 2, "c", "fine")));

        assertThat(rejected(written)).containsExactly("0 serialization");
        assertThat(kafka.readAll("encoded")).map(Written::note).containsExactly("fine");
    }

    @Test
    void aResetFailsWhatIsOnTheWayAtOnce() throws Exception {
        kafka.createTopic("reset", 1, Map.of());
        KafkaSink sink = open("reset", null, false, Map.of());
        delivered(sink.write(batch(events.insert(ORDERS, 1, "c", "before"))));

        signal("-STOP");
        CompletableFuture<Void> stuck;
        try {
            stuck = sink.write(batch(events.insert(ORDERS, 1, "c", "stuck")));
            assertThat(stuck).isNotDone();
            sink.reset();

            assertThat(failure(stuck)).isInstanceOf(Failure.Retryable.class);
        } finally {
            signal("-CONT");
        }
        delivered(sink.write(batch(events.insert(ORDERS, 1, "c", "after"))));

        assertThat(kafka.readAll("reset")).map(Written::note).contains("before", "after");
    }

    @Test
    void anInterruptEndsAWriteThatWaits() throws Exception {
        KafkaSink sink = open("nobody-makes-this-topic", null, false, Map.of());
        CompletableFuture<CompletableFuture<Void>> returned = new CompletableFuture<>();
        AtomicBoolean stillInterrupted = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            returned.complete(sink.write(batch(events.insert(ORDERS, 1, "c", "n"))));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        Awaitility.await().until(() -> writer.getState() == Thread.State.TIMED_WAITING);

        writer.interrupt();

        assertThat(failure(returned.get(2, TimeUnit.SECONDS))).isInstanceOf(Failure.Retryable.class);
        assertThat(writer.join(Duration.ofSeconds(2))).isTrue();
        assertThat(stillInterrupted).isTrue();
    }

    @Test
    void closingTwiceAndWritingToAClosedSinkDoNoHarm() throws Exception {
        kafka.createTopic("closed", 1, Map.of());
        KafkaSink sink = open("closed", null, false, Map.of());

        sink.close();
        sink.close();

        assertThat(failure(sink.write(batch(events.insert(ORDERS, 1, "c", "n")))))
                .isInstanceOf(Failure.Retryable.class);
    }

    @Test
    void aLoginThatTheBrokerDoesNotTakeIsKnownAtTheStart() {
        Map<String, String> login = Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.username", "ann",
                "sasl.password", "hunter2");

        assertThatThrownBy(() -> open("any", null, false, login))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("refused the login")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void filesAreMissedAtTheStart() {
        assertThatThrownBy(() ->
                        open("any", null, false, Map.of("security.protocol", "SSL", "ssl.ca.location", "/no/ca.pem")))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("there is no file /no/ca.pem");
    }

    @Test
    void partitionersOfLibrdkafkaAreUsed() throws Exception {
        kafka.createTopic("crc", 17, Map.of());
        KafkaSink sink = open("crc", "hejsan", false, Map.of("partitioner", "consistent_random"));

        delivered(sink.write(batch(events.insert(ORDERS, 1, "c", "n"))));

        assertThat(kafka.readAll("crc")).map(ConsumerRecord::partition).containsExactly((int) (0xd077037eL % 17));
    }

    private KafkaSink open(String topic, String key, boolean tombstones, Map<String, String> clientConf)
            throws Failure {
        KafkaSink sink = new KafkaSink(new KafkaSinkConfig(
                "sink",
                kafka.bootstrapServers(),
                Template.parse(topic),
                key == null ? null : Template.parse(key),
                new NativeEnvelope(),
                new JsonEncoding(),
                true,
                tombstones,
                false,
                "deltaforge-checkpoints",
                60,
                clientConf,
                null));
        sinks.add(sink);
        sink.open(Orders.CONTEXT);
        return sink;
    }

    private static List<String> rejected(CompletableFuture<Void> written)
            throws InterruptedException, TimeoutException {
        return ((Failure.Rejected) failure(written))
                .events().stream()
                        .map(event -> event.index() + " " + event.kind())
                        .toList();
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? null : new String(record.key(), UTF_8);
    }

    private static List<String> headers(ConsumerRecord<byte[], byte[]> record) {
        List<String> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(header.key() + "=" + new String(header.value(), UTF_8));
        }
        return headers;
    }

    private static String incompressible(int length) {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('!' + random.nextInt(90)));
        }
        return text.toString().replace('"', '-').replace('\\', '-');
    }

    /** Stops the broker's process in its tracks, or lets it go on. */
    private static void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", signal, Long.toString(kafka.brokerPid(1))).start();
        assertThat(kill.waitFor()).isZero();
    }
}
