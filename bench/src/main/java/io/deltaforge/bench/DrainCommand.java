package io.deltaforge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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

    @Option(
            names = "--recipes",
            split = ",",
            paramLabel = "RECIPE",
            defaultValue = "defaults",
            description = "Drain the same backlog once with each: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    List<Recipe> recipes = List.of(Recipe.DEFAULTS);

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
        try (Connection connection = DriverManager.getConnection(servers.jdbcUrl)) {
            say("writing %,d events (%s)…", rows, rowShape);
            Backlog backlog = Backlog.write(
                    connection, "drain" + round, rowShape, rows, rowsPerTransaction, oneTransaction, recipes.size());
            try {
                double limit = Math.max(bareRate(servers, backlog), bareRate(servers, backlog));
                say("bare stream  %,10.0f rows/s", limit);
                double first = 0;
                for (int i = 0; i < recipes.size(); i++) {
                    double rate = drain(servers, backlog, backlog.slots().get(i), recipes.get(i), limit);
                    if (i == 0) {
                        first = rate;
                    } else {
                        say("             %.2f of %s", rate / first, recipes.getFirst());
                    }
                }
            } finally {
                backlog.drop(connection);
            }
        }
    }

    /** Returns events/s. */
    private double drain(Servers servers, Backlog backlog, String slot, Recipe recipe, double limit)
            throws IOException {
        Path directory = Files.createTempDirectory("deltaforge-bench");
        try {
            String topic = "bench.%s.%s.%d".formatted(shape, recipe, System.nanoTime());
            Path pipeline = new BenchPipeline(servers, slot, backlog.publication(), backlog.table(), topic, envelope)
                    .write(recipe, directory);
            Drain.Result result = Drain.run(pipeline, directory, backlog.events());
            print(recipe, backlog, result, limit);
            return perSecond(result.drained(), result.draining());
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

    private void print(Recipe recipe, Backlog backlog, Drain.Result result, double limit) {
        double rate = perSecond(result.drained(), result.draining());
        double millions = backlog.events() / 1e6;
        say("%-12s %,10.0f events/s   %.2f of the bare stream", recipe, rate, rate / limit);
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
}
