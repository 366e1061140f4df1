package io.deltaforge.bench;

import io.deltaforge.sandbox.KafkaCluster;
import io.deltaforge.sandbox.KafkaOptions;
import io.deltaforge.sandbox.PostgresOptions;
import io.deltaforge.sandbox.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench drain}: how fast a backlog goes from a slot to Kafka, beside the bare stream of the same log. */
@Command(
        name = "drain",
        mixinStandardHelpOptions = true,
        description = {
            "Writes a backlog behind a replication slot, reads it once bare (every row thrown away) and then drains it"
                    + " through DeltaForge, started as its users start it. Prints events/s, the ratio to the bare"
                    + " stream, CPU seconds per million events, peak memory and allocation per event."
        })
final class DrainCommand implements Callable<Integer> {
    @Option(
            names = "--rows",
            defaultValue = "1000000",
            description = "Events in the backlog (default ${DEFAULT-VALUE}).")
    long rows;

    @Option(
            names = "--rows-per-transaction",
            defaultValue = "100",
            description = "80 %% inserts, 15 %% updates, 5 %% deletes (default ${DEFAULT-VALUE}).")
    int rowsPerTransaction;

    @Option(names = "--one-transaction", description = "Commit the whole backlog as a single transaction.")
    boolean oneTransaction;

    @Option(names = "--shape", defaultValue = "orders", description = "orders (12 columns) or wide (30 columns).")
    String shape = "orders";

    @Option(names = "--dsn", description = "An existing PostgreSQL with wal_level=logical, instead of a sandbox's.")
    @Nullable
    String dsn;

    @Option(names = "--jdbc-url", description = "The same server for the benchmark's own statements; with --dsn.")
    @Nullable
    String jdbcUrl;

    @Option(names = "--brokers", description = "An existing Kafka, instead of a sandbox's.")
    @Nullable
    String brokers;

    @Option(names = "--partitions", defaultValue = "4", description = "Of the topic (default ${DEFAULT-VALUE}).")
    int partitions;

    @Option(names = "--envelope", defaultValue = "native", description = "native, debezium or cloudevents.")
    String envelope = "native";

    @Option(names = "--rounds", defaultValue = "1", description = "Drain again so many times; slots are made anew.")
    int rounds;

    @Override
    public Integer call() throws Exception {
        try (Servers servers = Servers.of(dsn, brokers, partitions)) {
            for (int round = 1; round <= rounds; round++) {
                round(servers, round);
            }
        }
        return 0;
    }

    private void round(Servers servers, int round) throws SQLException, IOException {
        RowShape rowShape = RowShape.valueOf(shape.toUpperCase(Locale.ROOT));
        Path directory = Files.createTempDirectory("deltaforge-bench");
        try (Connection connection = DriverManager.getConnection(servers.jdbcUrl)) {
            say("writing %,d events (%s)…", rows, rowShape);
            Backlog backlog =
                    Backlog.write(connection, "drain" + round, rowShape, rows, rowsPerTransaction, oneTransaction);
            double limit = Math.max(bareRate(servers, backlog), bareRate(servers, backlog));
            say("bare stream  %,10.0f rows/s", limit);
            Path pipeline = Files.writeString(directory.resolve("drain.yaml"), pipeline(servers, backlog, round));
            Drain.Result result = Drain.run(launcher(), pipeline, directory, backlog.events());
            print(backlog, result, limit);
            backlog.drop(connection);
        } finally {
            TemporaryFiles.delete(directory);
        }
    }

    /** Measured twice for the better, because the first to read a log also brings it into memory. */
    private static double bareRate(Servers servers, Backlog backlog) throws SQLException {
        return perSecond(
                backlog.events(),
                BareStream.read(servers.jdbcUrl, backlog.limitSlot(), backlog.publication(), backlog.events()));
    }

    private void print(Backlog backlog, Drain.Result result, double limit) {
        double rate = perSecond(result.drained(), result.draining());
        double millions = backlog.events() / 1e6;
        say("deltaforge   %,10.0f events/s   %.2f of the bare stream", rate, rate / limit);
        say(
                "             %,10.0f events/s with start-up (%.1f s in all)",
                perSecond(backlog.events(), result.wall()), seconds(result.wall()));
        say(
                "             %.2f CPU seconds, %.2f per million events",
                seconds(result.cost().cpu()), seconds(result.cost().cpu()) / millions);
        say("             %d MiB peak RSS", result.cost().peakRssBytes() >> 20);
        say("             %,d bytes allocated per event", result.allocatedBytes() / backlog.events());
        result.warnings().forEach(line -> say("             it logged: %s", line));
    }

    private String pipeline(Servers servers, Backlog backlog, int round) {
        return """
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata:
                  name: bench-drain
                spec:
                  source:
                    type: postgres
                    config:
                      id: bench
                      dsn: %s
                      slot: %s
                      publication: %s
                      tables: [%s]
                  sinks:
                    - type: kafka
                      config:
                        id: kafka
                        brokers: %s
                        topic: bench.%s.%d.%d
                        envelope:
                          type: %s
                """.formatted(
                        servers.dsn,
                        backlog.slot(),
                        backlog.publication(),
                        backlog.table(),
                        servers.brokers,
                        shape,
                        System.currentTimeMillis(),
                        round,
                        envelope);
    }

    /** The launcher that started us says where it is; without it, a Java process on our own class path. */
    private static List<String> launcher() {
        return Optional.ofNullable(System.getenv("DELTAFORGE_LAUNCHER"))
                .map(List::of)
                .orElseGet(() -> List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:+UseSerialGC",
                        "-Xmx224m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.deltaforge.cli.Main"));
    }

    private static double perSecond(long events, Duration time) {
        return events / seconds(time);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be the only use of its library
    private static void say(String format, Object... values) {
        System.out.println(format.formatted(values));
    }

    /** The servers under test: a sandbox's, or existing ones that are left running. */
    private static final class Servers implements AutoCloseable {
        final String dsn;
        final String jdbcUrl;
        final String brokers;
        private final PostgresServer postgres;
        private final @Nullable KafkaCluster kafka;

        private Servers(PostgresServer postgres, String brokers, @Nullable KafkaCluster kafka) {
            this.dsn = postgres.dsn();
            this.jdbcUrl = postgres.jdbcUrl();
            this.brokers = brokers;
            this.postgres = postgres;
            this.kafka = kafka;
        }

        static Servers of(@Nullable String dsn, @Nullable String brokers, int defaultPartitions) {
            PostgresServer postgres = dsn != null
                    ? PostgresServer.at(dsn)
                    : PostgresServer.start(PostgresOptions.defaults()
                            .withSettings(Map.of("max_wal_size", "16GB", "shared_buffers", "256MB")));
            if (brokers != null) {
                return new Servers(postgres, brokers, null);
            }
            KafkaCluster kafka = KafkaCluster.start(KafkaOptions.defaults().withDefaultPartitions(defaultPartitions));
            return new Servers(postgres, kafka.bootstrapServers(), kafka);
        }

        @Override
        public void close() {
            if (kafka != null) {
                kafka.close();
            }
            postgres.close();
        }
    }
}
