package io.deltaforge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench latency}: how long a commit takes to a consumer. */
@Command(
        name = "latency",
        mixinStandardHelpOptions = true,
        description = {
            "Commits single rows at a steady rate and measures, for each, the time from the return of its COMMIT until a"
                    + " consumer has it. Everything runs on this machine: database, broker, DeltaForge, writer and consumer."
        })
final class LatencyCommand implements Callable<Integer> {
    @Option(
            names = "--commits-per-second",
            defaultValue = "1000",
            description = "Over four connections (default ${DEFAULT-VALUE}).")
    int rate;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "Measured, after half as many to warm up (default ${DEFAULT-VALUE}).")
    int seconds;

    @Option(
            names = "--recipes",
            split = ",",
            paramLabel = "RECIPE",
            defaultValue = "defaults,low-latency",
            description = "One after the other: ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    List<Recipe> recipes = List.of(Recipe.DEFAULTS);

    @Option(names = "--dsn", description = "An existing PostgreSQL with wal_level=logical, instead of a sandbox's.")
    @Nullable
    String dsn;

    @Option(names = "--brokers", description = "An existing Kafka, instead of a sandbox's.")
    @Nullable
    String brokers;

    @Override
    public Integer call() throws Exception {
        try (Servers servers = Servers.of(dsn, brokers, 4)) {
            for (Recipe recipe : recipes) {
                measure(servers, recipe);
            }
        }
        return 0;
    }

    private void measure(Servers servers, Recipe recipe) throws SQLException, IOException, InterruptedException {
        Path directory = Files.createTempDirectory("deltaforge-bench");
        try (CommitClock clock =
                CommitClock.over(servers, "latency_" + recipe.name().toLowerCase(Locale.ROOT))) {
            Path pipeline = clock.pipeline().write(recipe, directory);
            try (Run run = Run.start(pipeline, directory)) {
                clock.awaitFirst(run);
                long[] nanos = clock.measure(rate, Duration.ofSeconds(seconds / 2), Duration.ofSeconds(seconds));
                print(recipe, nanos);
                run.warnings().forEach(line -> System.out.println("             it logged: " + line));
            }
        } finally {
            TemporaryFiles.delete(directory);
        }
    }

    private void print(Recipe recipe, long[] nanos) {
        System.out.printf("%-15s %,d commits at %,d/s   %s%n", recipe, nanos.length, rate, new Latencies(nanos));
    }
}
