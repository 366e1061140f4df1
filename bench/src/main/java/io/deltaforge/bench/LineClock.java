package io.deltaforge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic on a thread of its own, and tells how old each line was that says when it was written. Thread-safe. */
final class LineClock implements AutoCloseable {
    private static final String BEGINNING = "written at ";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** When a line was written, and how long it took until it was here. */
    private record Arrival(long writtenNanos, long tookNanos) {}

    private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();
    private final Thread reader;
    private volatile boolean closed;

    private LineClock(String brokers, String topic) {
        reader = Thread.ofPlatform().name("consumer").start(() -> read(brokers, topic));
    }

    static LineClock over(String brokers, String topic) {
        return new LineClock(brokers, topic);
    }

    /** @param nowNanos as {@link System#nanoTime} tells it */
    static String line(long nowNanos) {
        return BEGINNING + nowNanos + "\n";
    }

    private void read(String brokers, String topic) {
        Map<String, Object> settings = Map.of("bootstrap.servers", brokers, "fetch.min.bytes", 1);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    take(new String(record.value(), US_ASCII), System.nanoTime());
                }
            }
        }
    }

    private void take(String line, long nowNanos) {
        if (line.startsWith(BEGINNING)) {
            long writtenNanos = Long.parseLong(line, BEGINNING.length(), line.length(), 10);
            arrivals.add(new Arrival(writtenNanos, nowNanos - writtenNanos));
        }
    }

    /**
     * Waits for all lines.
     *
     * @param warmUp how many of them, those written first, do not count
     * @throws IOException some have not come
     */
    long[] latencies(long lines, long warmUp) throws IOException {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (arrivals.size() < lines) {
            if (System.nanoTime() > deadlineNanos) {
                throw new IOException("%,d of %,d lines have not come".formatted(lines - arrivals.size(), lines));
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        Arrival[] inOrder = arrivals.toArray(Arrival[]::new);
        Arrays.sort(inOrder, (one, other) -> Long.compare(one.writtenNanos, other.writtenNanos));
        return Arrays.stream(inOrder).skip(warmUp).mapToLong(Arrival::tookNanos).toArray();
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
