package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static io.deltaforge.sink.kafka.Written.delivered;
import static io.deltaforge.sink.kafka.Written.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.event.Event;
import io.deltaforge.sandbox.FaultProxy;
import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaListeners;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sink.Orders;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.Template;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A request that the network keeps until its producer has been given up and the next one has gone on. */
class LateRequestIT {
    private static KafkaCluster kafka;
    private static FaultProxy network;

    private final OrderEvents events = new OrderEvents();

    @BeforeAll
    static void start() {
        kafka = KafkaCluster.start(KafkaOptions.defaults().withListeners(KafkaListeners.proxied()));
        network = kafka.proxy(1);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    /** Kafka itself does not tell the two producers apart: who reads has to. */
    @Test
    void itIsAReplayThatItsEventIdGivesAway() throws Exception {
        kafka.createTopic("late", 1, Map.of());
        KafkaSink sink = new KafkaSink(config("late", false));
        Event first = events.insert(ORDERS, 1, "c", "first");
        Event second = events.insert(ORDERS, 1, "c", "second");
        sink.open(Orders.context("late"));
        delivered(sink.write(batch(events.insert(ORDERS, 1, "c", "before"))));

        int held = holdAndGiveUp(sink, first);
        sink.reset();
        delivered(sink.write(batch(first)));
        delivered(sink.write(batch(second)));
        releaseAndAwaitArrival(held);
        sink.close();

        List<ConsumerRecord<byte[], byte[]>> records = kafka.readAll("late");
        assertThat(records).map(Written::note).containsExactly("before", "first", "second", "first");
        Map<String, String> byId = new LinkedHashMap<>();
        records.forEach(record -> byId.putIfAbsent(id(record), Written.note(record)));
        assertThat(byId.values()).containsExactly("before", "first", "second");
    }

    @Test
    void withExactlyOnceTheBrokerRefusesIt() throws Exception {
        kafka.createTopic("fenced", 1, Map.of());
        TransactionalKafkaSink sink = new TransactionalKafkaSink(config("fenced", true));
        Event first = events.insert(ORDERS, 1, "c", "first");
        Event second = events.insert(ORDERS, 1, "c", "second");
        sink.open(Orders.context("fenced"));
        Event before = events.insert(ORDERS, 1, "c", "before");
        delivered(sink.write(batch(before)));
        sink.commit(before.position());

        int held = holdAndGiveUp(sink, first);
        sink.reset();
        delivered(sink.write(batch(first)));
        delivered(sink.write(batch(second)));
        releaseAndAwaitArrival(held);
        sink.commit(second.position());
        sink.close();

        assertThat(kafka.readAll("fenced")).map(Written::note).containsExactly("before", "first", "second");
    }

    /** Returns how many connections are held. */
    private static int holdAndGiveUp(Sink sink, Event event) throws Exception {
        int held = network.openConnections();
        network.hold();
        assertThat(failure(sink.write(batch(event)))).isInstanceOf(Failure.Retryable.class);
        return held;
    }

    private static void releaseAndAwaitArrival(int held) {
        int after = network.openConnections() - held;
        network.release();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> network.openConnections() <= after);
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        return new String(
                record.headers().lastHeader(RecordMaker.EVENT_ID_HEADER).value(), UTF_8);
    }

    private static KafkaSinkConfig config(String topic, boolean exactlyOnce) {
        return new KafkaSinkConfig(
                "sink",
                kafka.bootstrapServers(KafkaListeners.PROXIED),
                Template.parse(topic),
                null,
                new NativeEnvelope(),
                new JsonEncoding(),
                true,
                false,
                exactlyOnce,
                "deltaforge-checkpoints",
                60,
                Map.of("message.timeout.ms", "3000"),
                null);
    }
}
