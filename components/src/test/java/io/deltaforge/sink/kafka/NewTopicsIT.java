package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static io.deltaforge.sink.kafka.Written.delivered;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.event.Event;
import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sink.Orders;
import io.deltaforge.spi.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Topics that are only just being created, whose brokers refuse one request and take the next (KAFKA-15591). */
class NewTopicsIT {
    private static final int TOPICS = 8;
    private static final int ROUNDS = 20;
    private static final int KEYS = 30;

    private static KafkaCluster kafka;

    private final OrderEvents events = new OrderEvents();

    @BeforeAll
    static void start() {
        kafka = KafkaCluster.start(KafkaOptions.defaults().withDefaultPartitions(12));
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private KafkaSink open(@Nullable Partitioning partitioning) throws Failure {
        KafkaSink sink = new KafkaSink(SinkConfigs.of(
                kafka.bootstrapServers(),
                "${after.customer}",
                new NativeEnvelope(),
                Map.of("linger.ms", "0", "batch.size", "400"),
                null,
                partitioning,
                null));
        sink.open(Orders.CONTEXT);
        return sink;
    }

    /** Every round has each key once. */
    private void writeRounds(KafkaSink sink, String prefix, int topics, int rounds) throws Exception {
        List<CompletableFuture<Void>> onTheWay = new ArrayList<>();
        for (int topic = 0; topic < topics; topic++) {
            String name = prefix + topic;
            for (int i = 0; i < rounds; i++) {
                String round = Integer.toString(i);
                onTheWay.add(sink.write(batch(IntStream.range(0, KEYS)
                        .mapToObj(id -> events.insert(ORDERS, id, name, round))
                        .toArray(Event[]::new))));
            }
        }
        for (CompletableFuture<Void> batch : onTheWay) {
            delivered(batch);
        }
    }

    @Test
    void orderPerKeyHoldsFromTheFirstRecordOn() throws Exception {
        try (KafkaSink sink = open(null)) {
            writeRounds(sink, "ordered-", TOPICS, ROUNDS);

            List<String> inOrder =
                    IntStream.range(0, ROUNDS).mapToObj(Integer::toString).toList();
            for (int topic = 0; topic < TOPICS; topic++) {
                Map<String, List<String>> rounds = new HashMap<>();
                for (ConsumerRecord<byte[], byte[]> record : kafka.readAll("ordered-" + topic)) {
                    rounds.computeIfAbsent(new String(record.key(), UTF_8), key -> new ArrayList<>())
                            .add(Written.note(record));
                }
                assertThat(rounds)
                        .as("ordered-" + topic)
                        .hasSize(KEYS)
                        .allSatisfy((key, notes) -> assertThat(notes).isEqualTo(inOrder));
            }
        }
    }

    /** A partition's second request before its first kept the first from ever being stored: a batch failed after a minute. */
    @Test
    void recordsThatMayGoAnywhereArriveAtOnceToo() throws Exception {
        try (KafkaSink sink = open(new Partitioning(true, Partitioning.Strategy.RANDOM, null))) {
            writeRounds(sink, "anywhere-", 2 * TOPICS, ROUNDS / 2);

            for (int topic = 0; topic < 2 * TOPICS; topic++) {
                assertThat(kafka.readAll("anywhere-" + topic)).hasSize(KEYS * ROUNDS / 2);
            }
        }
    }
}
