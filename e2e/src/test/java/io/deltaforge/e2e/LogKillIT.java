package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promise that log files are delivered exactly once, attacked with SIGKILL while they grow and rotate. */
class LogKillIT {
    private static final int KILLS = 15;
    private static final List<String> WRITERS = List.of("a", "b", "c");
    private static final String TOPIC = "killed-logs";

    @TempDir
    Path directory;

    private Path pipeline(Path logs, String name) throws Exception {
        return Files.writeString(
                directory.resolve(name + ".yaml"), """
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata: {name: %3$s}
                spec:
                  source:
                    type: logs
                    config:
                      id: files
                      include: ["%1$s/*.log*"]
                      partial_line_timeout: 1h
                  sinks:
                    - type: kafka
                      config:
                        id: kafka
                        brokers: %2$s
                        topic: %3$s
                        key: ${field.w}
                        envelope: raw
                        exactly_once: true
                """.formatted(logs, Servers.KAFKA.bootstrapServers(), name));
    }

    /** Repeat a run with {@code -Ddeltaforge.seed=…}. */
    @Test
    void aReaderOfCommittedRecordsSeesEveryLineOnceAndInTheOrderOfItsFile() throws Exception {
        long seed = Long.getLong("deltaforge.seed", System.nanoTime());
        System.out.println("LogKillIT: -Ddeltaforge.seed=" + seed);
        Random random = new Random(seed);
        Path logs = Files.createDirectory(directory.resolve("logs"));
        Path pipeline = pipeline(logs, TOPIC);
        LogWriters writers = new LogWriters(logs);
        try (writers) {
            for (String writer : WRITERS) {
                writers.start(writer, random.nextLong());
            }
            for (int kill = 0; kill < KILLS; kill++) {
                try (DeltaForge victim = DeltaForge.run(pipeline, directory)) {
                    long delivered = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(4000);
                    victim.awaitDelivered(delivered);
                    victim.kill();
                }
            }
        }
        long written = writers.lines();
        List<ConsumerRecord<byte[], byte[]>> records;
        try (DeltaForge last = DeltaForge.run(pipeline, directory)) {
            await("every line in the topic")
                    .atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> Servers.KAFKA.readAll(TOPIC).size() >= written);
            last.terminate();
            assertThat(last.awaitExit()).isZero();
            records = Servers.KAFKA.readAll(TOPIC);
        }
        System.out.printf("LogKillIT: %d lines written, %d records that readers see%n", written, records.size());
        assertThat(surplus(records)).isEmpty();
        assertThat(records).hasSize((int) written);
        assertInOrder(records);
    }

    /** Else a commit would wait for a checkpoint of which it can never cover everything. */
    @Test
    void aFileThatWasDeletedMeanwhileStallsNothing() throws Exception {
        Path logs = Files.createDirectory(directory.resolve("logs"));
        Path pipeline = pipeline(logs, "gone-logs");
        Path gone = Files.writeString(logs.resolve("gone.log"), "w=a first\n");
        Path kept = Files.writeString(logs.resolve("kept.log"), "w=b second\n");
        try (DeltaForge victim = DeltaForge.run(pipeline, directory)) {
            victim.awaitDelivered(2);
            victim.kill();
        }
        Files.delete(gone);
        Files.writeString(kept, "w=b third\n", StandardOpenOption.APPEND);
        try (DeltaForge again = DeltaForge.run(pipeline, directory)) {
            again.awaitDelivered(1);
            again.terminate();
            assertThat(again.awaitExit()).isZero();
        }
        assertThat(Servers.KAFKA.readAll("gone-logs")).hasSize(3);
    }

    private static Set<String> surplus(List<ConsumerRecord<byte[], byte[]>> records) {
        Set<String> seen = new HashSet<>();
        Set<String> surplus = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String line = new String(record.value(), UTF_8);
            if (!seen.add(line)) {
                surplus.add(line);
            }
        }
        return surplus;
    }

    private static void assertInOrder(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Long> newest = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String[] words = new String(record.value(), UTF_8).split(" ");
            String file = words[0] + " " + words[1];
            long number = Long.parseLong(words[2].substring("n=".length()));
            assertThat(number).as(file).isGreaterThan(newest.getOrDefault(file, -1L));
            newest.put(file, number);
        }
    }
}
