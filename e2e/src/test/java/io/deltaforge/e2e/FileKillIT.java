package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same promise as {@link KillIT}, for files: every line that a checkpoint covers is there, and every line is whole. */
class FileKillIT {
    private static final int KILLS = 8;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "zstd"})
    void killsUnderLoadLoseNoLineAndLeaveNoHalfOne(String compression) throws Exception {
        long seed = Long.getLong("deltaforge.seed", System.nanoTime());
        System.out.println("FileKillIT: -Ddeltaforge.seed=" + seed);
        Random random = new Random(seed);
        String name = "files_" + compression;
        Servers.database(name, Ledger.TABLE);
        Path archive = Files.createDirectory(directory.resolve("archive"));
        Path pipeline = pipeline(name, archive, compression);
        Ledger ledger = new Ledger(seed);
        AtomicBoolean trading = new AtomicBoolean(true);

        // the slot must be there before the first change
        try (DeltaForge first = DeltaForge.run(pipeline, directory)) {
            await().atMost(Duration.ofMinutes(2)).until(() -> first.health().contains("\"up\""));
        }
        CompletableFuture<Void> trade = CompletableFuture.runAsync(() -> tradeWhile(trading, name, ledger));
        for (int kill = 0; kill < KILLS; kill++) {
            DeltaForge victim = DeltaForge.run(pipeline, directory);
            victim.awaitCheckpoints(name, random.nextInt(6));
            victim.kill();
        }
        trading.set(false);
        trade.get();

        try (DeltaForge last = DeltaForge.run(pipeline, directory)) {
            await("everything in the files")
                    .atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptions() // a file is finished between its listing and its reading
                    .untilAsserted(() ->
                            assertThat(ledger.violationsOfLines(lines(archive))).isEmpty());
            last.terminate();
            assertThat(last.awaitExit()).isZero();
        }
        assertThat(files(archive))
                .hasSizeGreaterThan(KILLS)
                .noneMatch(file -> file.toString().endsWith(".open"));
        List<String> lines = lines(archive);
        assertThat(ledger.violationsOfLines(lines)).isEmpty();
        System.out.printf(
                "FileKillIT %s: %d changes committed, %d lines%n",
                compression, ledger.confirmedChanges(), lines.size());
    }

    private Path pipeline(String name, Path archive, String compression) throws IOException {
        return Files.writeString(directory.resolve(name + ".yaml"), """
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata:
                  name: %1$s
                spec:
                  source:
                    type: postgres
                    config:
                      id: %1$s-source
                      dsn: %2$s
                      slot: %1$s
                      publication: %1$s_pub
                      tables: [public.accounts]
                  sinks:
                    - type: file
                      config:
                        id: archive
                        directory: %3$s
                        name: ${source.table}
                        compression: %4$s
                        roll: {max_bytes: 50000}
                """.formatted(
                        name, Servers.POSTGRES.dsn(name), archive, compression));
    }

    private static void tradeWhile(AtomicBoolean trading, String database, Ledger ledger) {
        try (Connection connection = Servers.POSTGRES.connect(database)) {
            while (trading.get()) {
                ledger.trade(connection);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** In the order of their names, which is the order of their events. */
    private static List<Path> files(Path archive) throws IOException {
        try (Stream<Path> files = Files.list(archive)) {
            return files.filter(file -> file.toString().contains(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> lines(Path archive) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files(archive)) {
            try (InputStream in = decompressed(file)) {
                String text = new String(in.readAllBytes(), UTF_8);
                assertThat(text).as(file.toString()).endsWith("\n");
                lines.addAll(text.lines().toList());
            }
        }
        return lines;
    }

    private static InputStream decompressed(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        if (file.toString().contains(".gz")) {
            return new GZIPInputStream(in);
        }
        return file.toString().contains(".zst") ? new ZstdInputStream(in) : in;
    }
}
