package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static io.deltaforge.sink.kafka.Written.delivered;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.envelope.raw.RawEnvelope;
import io.deltaforge.event.Event;
import io.deltaforge.event.LogLevel;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sink.Orders;
import io.deltaforge.sink.kafka.Partitioning.Strategy;
import io.deltaforge.spi.Envelope;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.SinkContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where records end up: topics by label and level, partitions by field, in turn and at random. */
class PlacementIT {
    private static final SinkContext CONTEXT =
            new SinkContext("shop", new SourceInfo("logs", "logs", ""), Orders.CONTEXT.sendMaxBytes());
    private static final int PARTITIONS = 7;

    private static KafkaCluster kafka;
    private static KafkaProducer<byte[], byte[]> anotherClient;

    private final OrderEvents rows = new OrderEvents();
    private final LogEvents logs = new LogEvents();
    private final List<KafkaSink> sinks = new ArrayList<>();

    @BeforeAll
    static void start() {
        kafka = KafkaCluster.start(
                KafkaOptions.defaults().withServerProperties(Map.of("auto.create.topics.enable", "false")));
        kafka.createTopic("by-another-client", PARTITIONS, Map.of());
        anotherClient = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterAll
    static void stop() {
        anotherClient.close();
        kafka.close();
    }

    @AfterEach
    void closeSinks() {
        sinks.forEach(KafkaSink::close);
    }

    @Test
    void aFieldsValueIsTheKeyAndGoesWhereAnotherClientPutsIt() throws Exception {
        kafka.createTopic("hashed", PARTITIONS, Map.of());
        KafkaSink sink = open("hashed", new Partitioning(true, Strategy.HASH, "customer"), null, new NativeEnvelope());
        Event[] events = new Event[40];
        for (int i = 0; i < events.length; i++) {
            events[i] = rows.insert(ORDERS, i, "customer-" + i % 20, "n");
        }

        delivered(sink.write(batch(events)));

        assertThat(kafka.readAll("hashed"))
                .hasSize(40)
                .allSatisfy(record -> assertThat(record.partition()).isEqualTo(byAnotherClient(record.key())));
    }

    @Test
    void linesOfATenantMeetOnAPartitionAndLinesWithoutOneAreCounted() throws Exception {
        kafka.createTopic("tenants", PARTITIONS, Map.of());
        KafkaSink sink = open("tenants", new Partitioning(true, Strategy.HASH, "tenant_id"), null, new RawEnvelope());

        delivered(sink.write(batch(
                logs.line("{\"tenant_id\":\"acme\",\"n\":1}"),
                logs.line("tenant_id=acme n=2"),
                logs.line("nobody's"))));

        List<ConsumerRecord<byte[], byte[]>> records = kafka.readAll("tenants");
        assertThat(records)
                .filteredOn(record -> record.key() != null)
                .extracting(record -> new String(record.key(), UTF_8), ConsumerRecord::partition)
                .containsOnly(tuple("acme", byAnotherClient("acme".getBytes(UTF_8))));
        assertThat(records)
                .filteredOn(record -> record.key() == null)
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isEqualTo("nobody's".getBytes(UTF_8)));
        assertThat(figure(sink, "kafka.partitioning.key.missing")).isEqualTo(1);
    }

    @Test
    void inTurnIsExactlyEven() throws Exception {
        kafka.createTopic("turns", PARTITIONS, Map.of());
        KafkaSink sink = open("turns", new Partitioning(true, Strategy.ROUND_ROBIN, null), null, new NativeEnvelope());

        for (int batch = 0; batch < 10; batch++) {
            Event[] events = new Event[35];
            for (int i = 0; i < events.length; i++) {
                events[i] = rows.insert(ORDERS, 1, "ann", "n");
            }
            delivered(sink.write(batch(events)));
        }

        assertThat(counts("turns")).hasSize(PARTITIONS).containsOnly(50);
    }

    @Test
    void atRandomIsEverywhere() throws Exception {
        kafka.createTopic("anywhere", PARTITIONS, Map.of());
        KafkaSink sink = open("anywhere", new Partitioning(true, Strategy.RANDOM, null), null, new NativeEnvelope());
        Event[] events = new Event[7000];
        for (int i = 0; i < events.length; i++) {
            events[i] = rows.insert(ORDERS, 1, "ann", "n");
        }

        delivered(sink.write(batch(events)));

        // eight standard deviations (29 each) from 1000
        assertThat(counts("anywhere"))
                .hasSize(PARTITIONS)
                .allSatisfy(count -> assertThat(count).isBetween(765, 1235));
    }

    @Test
    void labelsAndLevelsChooseTheTopicAndNoOtherIsReached() throws Exception {
        for (String topic : List.of("logs", "logs-high-priority", "logs-low-priority", "logs-audit", "payments")) {
            kafka.createTopic(topic, 1, Map.of());
        }
        Routing routing = new Routing(true, null, LevelTopics.parse("true"));
        KafkaSink sink = open("logs", null, routing, new RawEnvelope());

        delivered(sink.write(batch(
                logs.line("{\"level\":\"error\",\"n\":1}"),
                logs.line("n=2 level=info"),
                logs.line("3", LogLevel.DEBUG, Map.of()),
                logs.line("4", LogLevel.ERROR, Map.of("kafka_topic", "logs-audit")),
                logs.line("5", null, Map.of("kafka_topic", "payments")))));

        assertThat(values("logs-high-priority")).containsExactly("{\"level\":\"error\",\"n\":1}");
        assertThat(values("logs")).containsExactly("n=2 level=info", "5");
        assertThat(values("logs-low-priority")).containsExactly("3");
        assertThat(values("logs-audit")).containsExactly("4");
        assertThat(values("payments")).isEmpty();
        assertThat(figure(sink, "kafka.routing.refused")).isEqualTo(1);
    }

    private static int byAnotherClient(byte[] key) throws Exception {
        return anotherClient
                .send(new ProducerRecord<>("by-another-client", key, new byte[0]))
                .get(60, TimeUnit.SECONDS)
                .partition();
    }

    private List<Integer> counts(String topic) {
        Map<Integer, Integer> counts = new HashMap<>();
        kafka.readAll(topic).forEach(record -> counts.merge(record.partition(), 1, Integer::sum));
        return List.copyOf(counts.values());
    }

    private static List<String> values(String topic) {
        return kafka.readAll(topic).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private static double figure(KafkaSink sink, String name) {
        return sink.figures().stream()
                .filter(figure -> figure.name().equals(name))
                .mapToDouble(figure -> figure.value().getAsDouble())
                .sum();
    }

    private KafkaSink open(String topic, Partitioning partitioning, Routing routing, Envelope envelope) throws Failure {
        KafkaSink sink = new KafkaSink(
                SinkConfigs.of(kafka.bootstrapServers(), topic, envelope, Map.of(), null, partitioning, routing));
        sinks.add(sink);
        sink.open(CONTEXT);
        return sink;
    }
}
