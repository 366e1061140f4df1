package io.deltaforge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the lines of a {@link SoakLog} back from their topic, and compares them with what was written. */
final class SoakReader {
    private static final Pattern LINE = Pattern.compile("\\{\"n\":(\\d+),\"key\":\"(\\d+)\".*", Pattern.DOTALL);
    private static final Duration POLL = Duration.ofMillis(500);
    /** Nothing more comes after so long. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final BitSet seen = new BitSet();
    private final long[] last = new long[SoakLog.KEYS];
    private long repeated;
    private long outOfOrder;

    /**
     * @param outOfOrder lines that came after a later one of their key for the first time
     * @param repeated lines that came again
     */
    record Result(long missing, long outOfOrder, long repeated) {}

    private SoakReader() {
        Arrays.fill(last, -1);
    }

    /**
     * Waits until all is there, or nothing more comes.
     *
     * @param lines how many were written
     */
    static Result read(String brokers, String topic, long lines) {
        SoakReader reader = new SoakReader();
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                brokers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                4 << 20);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map((PartitionInfo info) -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long movedNanos = System.nanoTime();
            while (reader.seen.cardinality() < lines && System.nanoTime() - movedNanos < PATIENCE.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    reader.take(new String(record.value(), US_ASCII));
                    movedNanos = System.nanoTime();
                }
            }
        }
        return new Result(lines - reader.seen.cardinality(), reader.outOfOrder, reader.repeated);
    }

    private void take(String text) {
        Matcher line = LINE.matcher(text);
        if (!line.matches()) {
            throw new IllegalStateException("no line of ours: " + text);
        }
        int number = Integer.parseInt(line.group(1));
        int key = Integer.parseInt(line.group(2));
        if (seen.get(number)) {
            repeated++;
            return;
        }
        seen.set(number);
        if (number < last[key]) {
            outOfOrder++;
        }
        last[key] = Math.max(last[key], number);
    }
}
