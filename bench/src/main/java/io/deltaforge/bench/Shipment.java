package io.deltaforge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Waits until a process has brought so many lines into topics, as the brokers count them. */
final class Shipment {
    private static final Duration POLL = Duration.ofMillis(100);
    /** A shipper that brings nothing for so long has lost the rest. */
    private static final Duration STUCK = Duration.ofSeconds(30);

    private final Admin admin;
    private final Map<TopicPartition, OffsetSpec> ends = new HashMap<>();

    /**
     * @param arrived lines in the topics at the end: fewer than asked for where some were lost
     * @param wall from the start of the process to the last line in the topic
     */
    record Result(long arrived, Duration wall, Measured cost) {
        double perSecond() {
            return arrived * 1e9 / wall.toNanos();
        }

        double cpuSecondsPerMillion() {
            return cost.cpu().toNanos() / 1e3 / arrived;
        }

        /** @param lines that were to arrive */
        void print(String name, String what, long lines) {
            System.out.printf(
                    "%s %,10.0f lines/s   %5.2f CPU s per million   %4d MiB peak RSS   %s%n",
                    name, perSecond(), cpuSecondsPerMillion(), cost.peakRssBytes() >> 20, what);
            if (arrived < lines) {
                System.out.printf("                  lost %,d lines%n", lines - arrived);
            }
        }
    }

    /** Makes the topics. */
    Shipment(Admin admin, List<String> topics, int partitions) throws IOException, InterruptedException {
        this.admin = admin;
        try {
            admin.createTopics(topics.stream()
                            .map(topic -> new NewTopic(topic, partitions, (short) 1))
                            .toList())
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw new IOException("cannot create " + topics, e.getCause());
        }
        for (String topic : topics) {
            for (int partition = 0; partition < partitions; partition++) {
                ends.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        }
    }

    /** Runs a program until everything has arrived. */
    Result by(List<String> command, long lines, Path log) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return await(process.toHandle(), startNanos, lines, log);
        } finally {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    /** Runs it to the end; the process may end by itself. */
    Result await(ProcessHandle process, long startNanos, long lines, Path log)
            throws IOException, InterruptedException {
        long arrived = 0;
        long changedNanos = System.nanoTime();
        Measured cost = Measured.of(process.pid());
        while (arrived < lines && System.nanoTime() - changedNanos < STUCK.toNanos()) {
            boolean alive = process.isAlive();
            if (alive) {
                cost = Measured.of(process.pid());
            }
            long now = arrived();
            if (now > arrived) {
                arrived = now;
                changedNanos = System.nanoTime();
            } else if (!alive) {
                break;
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
        if (arrived == 0) {
            throw new IOException("nothing arrived; see " + Files.readString(log));
        }
        return new Result(arrived, Duration.ofNanos(changedNanos - startNanos), cost);
    }

    private long arrived() throws IOException, InterruptedException {
        try {
            return admin.listOffsets(ends).all().get(30, TimeUnit.SECONDS).values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0; // made, and not yet known to every thread of the broker
            }
            throw new IOException("cannot ask the brokers how much arrived", e);
        } catch (TimeoutException e) {
            throw new IOException("cannot ask the brokers how much arrived", e);
        }
    }
}
