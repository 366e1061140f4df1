package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static io.deltaforge.sink.kafka.Written.delivered;
import static io.deltaforge.sink.kafka.Written.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.reliability.DeadLetterMonitor;
import io.deltaforge.reliability.ForwardedDeadLetters;
import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sink.Orders;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.Rendered;
import io.deltaforge.spi.Template;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the Kafka sink tells of events that it cannot deliver, records made by hand, and the dead letter topic. */
class KafkaDlqIT {
    private static final Instant NOON = Instant.parse("2026-02-01T12:00:00Z");

    private static KafkaCluster kafka;

    private final OrderEvents events = new OrderEvents();
    private final List<AutoCloseable> opened = new ArrayList<>();

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
    void close() throws Exception {
        for (AutoCloseable it : opened) {
            it.close();
        }
    }

    private KafkaSink open(String topic) throws Failure {
        KafkaSink sink = new KafkaSink(new KafkaSinkConfig(
                "orders-sink",
                kafka.bootstrapServers(),
                Template.parse(topic),
                null,
                new NativeEnvelope(),
                new JsonEncoding(),
                true,
                false,
                false,
                "deltaforge-checkpoints",
                30,
                Map.of(),
                null));
        opened.add(sink);
        sink.open(Orders.CONTEXT);
        return sink;
    }

    private ForwardedDeadLetters forwarding(String topic, KafkaSink sink, int maxEventBytes) {
        KafkaDlq dlq = new KafkaDlq(new KafkaDlqConfig(topic, null, null, Map.of(), 30, maxEventBytes, List.of()));
        opened.add(dlq);
        dlq.attach(List.of(sink));
        return new ForwardedDeadLetters(dlq, "shop", () -> NOON, DeadLetterMonitor.NONE);
    }

    /** Text that no compression makes smaller. */
    private static String noise(int length) {
        Random random = new Random(7);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('0' + random.nextInt(64)));
        }
        return text.toString().replace('\\', '/').replace('"', '/');
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }

    @Test
    void aRejectedEventTellsTheRecordThatItWouldHaveBeen() throws Exception {
        kafka.createTopic("small", 1, Map.of("max.message.bytes", "4000"));
        KafkaSink sink = open("small");

        Failure.Rejected rejected =
                (Failure.Rejected) failure(sink.write(batch(events.insert(ORDERS, 9, "ann", noise(9000)))));

        Rendered record = rejected.events().getFirst().record();
        assertThat(record.destination()).isEqualTo("small");
        assertThat(record.partition()).isZero();
        assertThat(record.key()).asString(UTF_8).isEqualTo("{\"id\":9}");
        assertThat(record.value()).asString(UTF_8).contains(noise(9000));
        assertThat(record.headers()).extracting(Rendered.Header::name).containsExactly("event-id", "content-type");
    }

    @Test
    void anEventWithoutATopicTellsTheRest() throws Exception {
        KafkaSink sink = open("${after.customer}");

        Failure.Rejected rejected =
                (Failure.Rejected) failure(sink.write(batch(events.insert(ORDERS, 9, null, "a note"))));

        Rendered record = rejected.events().getFirst().record();
        assertThat(record.destination()).isNull();
        assertThat(record.key()).asString(UTF_8).isEqualTo("{\"id\":9}");
        assertThat(record.value()).asString(UTF_8).contains("a note");
    }

    private static HandMade byHand(Rendered record) {
        return new HandMade("0/1:0", record, null, false);
    }

    @Test
    void aRecordMadeByHandIsSentAsItIs() throws Exception {
        kafka.createTopic("by-hand", 3, Map.of());
        Rendered record = new Rendered(
                "by-hand",
                2,
                "k".getBytes(UTF_8),
                "v".getBytes(UTF_8),
                List.of(new Rendered.Header("event-id", "0/1:0".getBytes(UTF_8))));

        delivered(open("by-hand").write(byHand(record)));

        assertThat(kafka.readAll("by-hand")).singleElement().satisfies(read -> {
            assertThat(read.partition()).isEqualTo(2);
            assertThat(read.key()).asString(UTF_8).isEqualTo("k");
            assertThat(read.value()).asString(UTF_8).isEqualTo("v");
            assertThat(headers(read)).containsEntry("event-id", "0/1:0");
        });
    }

    @Test
    void aRecordMadeByHandIsRefusedLikeAnyOther() throws Exception {
        kafka.createTopic("small-by-hand", 1, Map.of("max.message.bytes", "4000"));
        KafkaSink sink = open("small-by-hand");
        Rendered large = new Rendered("small-by-hand", null, null, noise(9000).getBytes(UTF_8), List.of());

        assertThat(failure(sink.write(byHand(large))))
                .isInstanceOfSatisfying(
                        Failure.Rejected.class,
                        why -> assertThat(why.events().getFirst().kind()).isEqualTo("message_too_large"));
        assertThat(failure(sink.write(byHand(new Rendered("no such name", null, null, null, List.of())))))
                .isInstanceOf(Failure.Rejected.class)
                .hasMessageContaining("no such name");
        delivered(sink.write(batch(events.insert(ORDERS, 1, "ann", "still alive"))));
    }

    @Test
    void aDeadLetterGoesToItsTopicWithTheHeadersOfKafkaConnect() throws Exception {
        kafka.createTopic("limited", 1, Map.of("max.message.bytes", "4000"));
        kafka.createTopic("dead", 1, Map.of());
        KafkaSink sink = open("limited");
        Batch batch = batch(events.insert(ORDERS, 5, "ann", noise(9000)));
        Failure.Rejected rejected = (Failure.Rejected) failure(sink.write(batch));

        forwarding("dead", sink, 900_000).add("orders-sink", batch, rejected);

        assertThat(kafka.readAll("dead")).singleElement().satisfies(record -> {
            assertThat(record.key()).asString(UTF_8).isEqualTo("{\"id\":5}");
            assertThat(record.value()).asString(UTF_8).contains(noise(9000));
            assertThat(headers(record))
                    .containsEntry("content-type", "application/json")
                    .containsKey("event-id")
                    .containsEntry("__connect.errors.topic", "limited")
                    .containsEntry("__connect.errors.partition", "0")
                    .containsEntry("__connect.errors.connector.name", "shop")
                    .containsEntry("deltaforge.errors.kind", "message_too_large")
                    .containsEntry("deltaforge.errors.sink", "orders-sink")
                    .containsEntry("deltaforge.errors.attempts", "1")
                    .containsEntry("deltaforge.errors.first.failed.at", "2026-02-01T12:00:00Z")
                    .containsEntry("deltaforge.errors.payload.truncated", "false");
            assertThat(headers(record).get("__connect.errors.exception.message"))
                    .contains("max.message.bytes");
        });
    }

    @Test
    void whatIsTooLargeForTheDeadLetterTopicTooGoesThereWithoutItsPayload() throws Exception {
        kafka.createTopic("limited-too", 1, Map.of("max.message.bytes", "4000"));
        KafkaSink sink = open("limited-too");
        Batch batch = batch(events.insert(ORDERS, 5, "ann", noise(9000)));
        Failure.Rejected rejected = (Failure.Rejected) failure(sink.write(batch));

        forwarding("limited-too", sink, 900_000).add("orders-sink", batch, rejected);

        assertThat(kafka.readAll("limited-too")).singleElement().satisfies(record -> {
            assertThat(record.value()).isNull();
            assertThat(headers(record))
                    .containsEntry("deltaforge.errors.payload.truncated", "true")
                    .containsEntry("deltaforge.errors.table", ORDERS.toString());
        });
    }

    @Test
    void aDeadLetterTopicThatIsNotThereCanBeTriedAgain() throws Exception {
        KafkaSink sink = open("${after.customer}");
        Batch batch = batch(events.insert(ORDERS, 9, null, "a note"));
        Failure.Rejected rejected = (Failure.Rejected) failure(sink.write(batch));
        KafkaDlq dlq = new KafkaDlq(new KafkaDlqConfig(
                "missing", null, kafka.bootstrapServers(), Map.of("max.block.ms", "2000"), 2, 1000, List.of()));
        opened.add(dlq);
        dlq.attach(List.of());
        ForwardedDeadLetters letters = new ForwardedDeadLetters(dlq, "shop", () -> NOON, DeadLetterMonitor.NONE);

        assertThatThrownBy(() -> letters.add("orders-sink", batch, rejected))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessageContaining("missing");
        kafka.createTopic("missing", 1, Map.of());
        letters.add("orders-sink", batch, rejected);

        assertThat(kafka.readAll("missing")).hasSize(1);
    }
}
