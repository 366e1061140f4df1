package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sandbox.Shop;
import io.deltaforge.sandbox.ShopWorkload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file in {@code examples/} carries a shop's changes as it stands. */
class ExamplesIT {
    private static final Path EXAMPLES = Path.of("..", "examples");

    @TempDir
    Path directory;

    static List<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void carriesWhatTheShopTrades(String example) throws Exception {
        String database = "example_" + example.replaceAll("[^a-z]", "_");
        Servers.database(database);
        try (Connection connection = Servers.POSTGRES.connect(database)) {
            Shop.createSchema(connection);
        }
        Map<String, String> environment = Map.of(
                "POSTGRES_DSN", Servers.POSTGRES.dsn(database),
                "KAFKA_BROKERS", Servers.KAFKA.bootstrapServers(),
                "ANALYTICS_BROKERS", Servers.KAFKA.bootstrapServers());
        try (DeltaForge deltaForge = DeltaForge.run(EXAMPLES.resolve(example), directory, environment)) {
            await("the log:\n" + deltaForge.log())
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> deltaForge.health().contains("\"up\""));

            ShopWorkload shop = new ShopWorkload(() -> Servers.POSTGRES.connect(database), new Random(7));
            shop.run(100);

            int sinks = deltaForge.seriesOf("deltaforge_sink_events_total");
            deltaForge.awaitDelivered(sinks * shop.totals().rows());
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        }
    }
}
