package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.LibrdkafkaProperty.combined;
import static io.deltaforge.sink.kafka.LibrdkafkaProperty.noEffect;
import static io.deltaforge.sink.kafka.LibrdkafkaProperty.only;
import static io.deltaforge.sink.kafka.LibrdkafkaProperty.same;

import io.deltaforge.sink.kafka.LibrdkafkaProperty.Flag;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Millis;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.OneOf;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Outcome;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Text;
import io.deltaforge.sink.kafka.LibrdkafkaProperty.Whole;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** How records are gathered, sent, acknowledged and sent again. */
final class DeliveryProperties {
    static final List<LibrdkafkaProperty> ALL = List.of(
            combined(
                    List.of("message.timeout.ms", "delivery.timeout.ms"),
                    new Whole(0, Integer.MAX_VALUE, "ms"),
                    "delivery.timeout.ms",
                    "0 means no limit. Where it is less than linger.ms + request.timeout.ms, which Java demands,"
                            + " request.timeout.ms is lowered. Also sets max.block.ms, as librdkafka counts from the moment of"
                            + " producing."),
            combined(
                    List.of("request.timeout.ms"),
                    new Whole(1, Integer.MAX_VALUE, "ms"),
                    "request.timeout.ms",
                    "How long Java waits for a broker's answer; in librdkafka how long the broker waits for its replicas."),
            combined(
                    List.of("socket.timeout.ms"),
                    new Whole(10, 300_000, "ms"),
                    "request.timeout.ms",
                    "Used where request.timeout.ms is not given."),
            combined(
                    List.of("queue.buffering.max.ms", "linger.ms"),
                    new Millis(900_000),
                    "linger.ms",
                    "Fractions are rounded up."),
            combined(
                    List.of("request.required.acks", "acks"),
                    new OneOf(List.of("all", "-1", "0", "1")),
                    "acks",
                    "-1 is all. Without idempotence for 0 and 1, which then also sends one request at a time, so that"
                            + " order holds."),
            combined(
                    List.of("message.send.max.retries", "retries"),
                    new Whole(0, Integer.MAX_VALUE, ""),
                    "retries",
                    "0 switches idempotence off; an error where that is asked for."),
            combined(
                    List.of("enable.idempotence"),
                    new Flag(),
                    "enable.idempotence",
                    "true unless other settings rule it out. false also means one request at a time, unless"
                            + " max.in.flight says otherwise, so that order holds."),
            combined(
                    List.of("max.in.flight.requests.per.connection", "max.in.flight"),
                    new Whole(1, 1_000_000, ""),
                    "max.in.flight.requests.per.connection",
                    "At most 5 with idempotence: more becomes 5, and is an error where enable.idempotence is true by your"
                            + " word."),
            same(
                    List.of("retry.backoff.ms"),
                    new Whole(0, 300_000, "ms"),
                    ProducerConfig.RETRY_BACKOFF_MS_CONFIG,
                    "As it is."),
            same(
                    List.of("retry.backoff.max.ms"),
                    new Whole(0, 300_000, "ms"),
                    ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG,
                    "As it is."),
            new LibrdkafkaProperty(
                    List.of("queue.buffering.max.kbytes"),
                    new Whole(1, Integer.MAX_VALUE, "KiB"),
                    "buffer.memory",
                    "In bytes there: times 1024.",
                    value -> new Outcome.Becomes(
                            ProducerConfig.BUFFER_MEMORY_CONFIG,
                            Long.toString(1024 * Long.parseLong(value)),
                            value + " KiB in bytes")),
            noEffect(
                    "the pipeline's batch.max_inflight times batch.max_events bounds what is on the way",
                    new Whole(0, Integer.MAX_VALUE, ""),
                    "queue.buffering.max.messages"),
            same(
                    List.of("batch.size"),
                    new Whole(0, Integer.MAX_VALUE, "bytes"),
                    ProducerConfig.BATCH_SIZE_CONFIG,
                    "As it is: bytes of one batch of one partition."),
            noEffect(
                    "Java bounds a batch by bytes only: batch.size", new Whole(1, 1_000_000, ""), "batch.num.messages"),
            same(
                    List.of("message.max.bytes"),
                    new Whole(1000, 1_000_000_000, "bytes"),
                    ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                    "Brokers have a limit of their own: the topic's max.message.bytes."),
            new LibrdkafkaProperty(
                    List.of("compression.codec", "compression.type"),
                    new OneOf(List.of("none", "gzip", "snappy", "lz4", "zstd", "inherit")),
                    "compression.type",
                    "`inherit` leaves DeltaForge's default.",
                    value -> value.equals("inherit")
                            ? new Outcome.NoEffect("there is nothing to inherit from but DeltaForge's default")
                            : new Outcome.Becomes(ProducerConfig.COMPRESSION_TYPE_CONFIG, value, "")),
            combined(
                    List.of("compression.level"),
                    new Whole(-1, 22, ""),
                    "compression.gzip.level, compression.lz4.level, compression.zstd.level",
                    "For the compression that is used; -1 leaves its default."),
            new LibrdkafkaProperty(
                    List.of("partitioner"),
                    new OneOf(List.of(
                            "random",
                            "consistent",
                            "consistent_random",
                            "murmur2",
                            "murmur2_random",
                            "fnv1a",
                            "fnv1a_random")),
                    "partitioner.class",
                    "murmur2_random is Java's own; the others are DeltaForge's and agree with librdkafka on every key. With"
                            + " `random` the order per key is lost. librdkafka's default, consistent_random, is not"
                            + " applied unless it is written.",
                    DeliveryProperties::partitioner),
            noEffect(
                    "records without a key stay on a partition until a batch is full; the partitioners above change it"
                            + " every 10 ms",
                    new Whole(0, 900_000, "ms"),
                    "sticky.partitioning.linger.ms"),
            combined(
                    List.of("transactional.id"),
                    new Text(),
                    "transactional.id",
                    "Only with exactly_once: true, over the name that DeltaForge chooses."),
            same(
                    List.of("transaction.timeout.ms"),
                    new Whole(1000, Integer.MAX_VALUE, "ms"),
                    ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                    "Used with exactly_once: true only."),
            noEffect(
                    "it holds always: nothing after a failed record counts as delivered",
                    new Flag(),
                    "enable.gapless.guarantee"),
            only(
                    "fifo",
                    new OneOf(List.of("fifo", "lifo")),
                    "records are always sent in their order",
                    "a capture that reverses the order of changes is wrong",
                    "queuing.strategy"));

    private static final Map<String, Class<?>> PARTITIONERS = Map.of(
            "random", LibrdkafkaPartitioners.Random.class,
            "consistent", LibrdkafkaPartitioners.Consistent.class,
            "consistent_random", LibrdkafkaPartitioners.ConsistentRandom.class,
            "murmur2", LibrdkafkaPartitioners.Murmur2.class,
            "fnv1a", LibrdkafkaPartitioners.Fnv1a.class,
            "fnv1a_random", LibrdkafkaPartitioners.Fnv1aRandom.class);

    private DeliveryProperties() {}

    private static Outcome partitioner(String name) {
        Class<?> partitioner = PARTITIONERS.get(name);
        if (partitioner == null) {
            return new Outcome.NoEffect("it is what the Java client does by itself");
        }
        return new Outcome.Becomes(
                ProducerConfig.PARTITIONER_CLASS_CONFIG,
                partitioner.getName(),
                name.equals("random") ? "changes of the same key go to different partitions: their order is lost" : "");
    }
}
