package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Failure table, "Disk full". A broker whose only log directory cannot be written to shuts itself down; one with several
 * goes on without that directory's partitions. Space and a start are what mends either.
 */
class DiskFullIT {
    @TempDir
    Path directory;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        Path output = directory.resolve("mount.log");
        int exit = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", disk.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start()
                .waitFor();
        assumeThat(exit)
                .as("a file system of 200 MB can be mounted, which takes root: " + Files.readString(output))
                .isZero();
    }

    @AfterEach
    void unmount() throws Exception {
        new ProcessBuilder("umount", disk.toString()).inheritIO().start().waitFor();
    }

    @Test
    void everythingArrivesOnceThereIsSpaceAndTheBrokerIsStartedAgain() throws Exception {
        KafkaOptions options = KafkaOptions.defaults()
                .withDirectory(disk)
                // an index is mapped into memory: one that outgrew a full disk would crash the broker's JVM instead
                .withServerProperties(Map.of("log.index.size.max.bytes", "65536"));
        try (KafkaCluster kafka = KafkaCluster.start(options);
                Load load = new Load("full_disk")) {
            Path pipeline = Servers.pipeline(
                    directory,
                    "full_disk",
                    Servers.POSTGRES.dsn("full_disk"),
                    kafka.bootstrapServers(),
                    "public.accounts",
                    "        send_timeout_secs: 5");
            try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
                deltaForge.awaitState("full_disk", "running", "");
                load.begin();
                deltaForge.awaitDelivered(500);
                ProcessHandle broker = ProcessHandle.of(kafka.brokerPid(1)).orElseThrow();

                Path filler = fill();
                await("the broker gives up").atMost(Duration.ofMinutes(2)).until(() -> !broker.isAlive());
                String end = load.commit();
                deltaForge.awaitState("full_disk", "retrying", "sink kafka: Kafka: topic full_disk.accounts: ");
                assertThat(Ledger.isBefore(deltaForge.checkpoint("full_disk"), end))
                        .isTrue();
                assertThat(deltaForge.isAlive()).isTrue();

                Files.delete(filler);
                kafka.startBroker(1);
                load.assertCheckpointIsCovered(deltaForge, kafka);
                load.awaitEverything(deltaForge, kafka);
            }
        }
    }

    @Test
    void oneOfABrokersDirectoriesMayFillUpToo() throws Exception {
        String logDirs = directory.resolve("other-disk") + "," + disk.resolve("data");
        KafkaOptions options = KafkaOptions.defaults()
                .withDefaultPartitions(4)
                .withServerProperties(Map.of("log.index.size.max.bytes", "65536", "log.dirs", logDirs));
        try (KafkaCluster kafka = KafkaCluster.start(options);
                Load load = new Load("half_full")) {
            Path pipeline = Servers.pipeline(
                    directory,
                    "half_full",
                    Servers.POSTGRES.dsn("half_full"),
                    kafka.bootstrapServers(),
                    "public.accounts",
                    "        send_timeout_secs: 5");
            try (DeltaForge deltaForge = DeltaForge.run(pipeline, directory)) {
                deltaForge.awaitState("half_full", "running", "");
                load.begin();
                deltaForge.awaitDelivered(500);

                Path filler = fill();
                deltaForge.awaitState("half_full", "retrying", "sink kafka: Kafka: topic half_full.accounts: ");
                String end = load.commit();
                assertThat(ProcessHandle.of(kafka.brokerPid(1)).orElseThrow().isAlive())
                        .isTrue();
                assertThat(deltaForge.log()).contains("KAFKA_STORAGE_ERROR");
                assertThat(Ledger.isBefore(deltaForge.checkpoint("half_full"), end))
                        .isTrue();

                Files.delete(filler);
                kafka.restartBroker(1);
                load.assertCheckpointIsCovered(deltaForge, kafka);
                load.awaitEverything(deltaForge, kafka);
            }
        }
    }

    /** Leaves no room at all. */
    private Path fill() throws IOException {
        Path filler = disk.resolve("filler");
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (disk.toFile().getUsableSpace() > 0) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
        return filler;
    }
}
