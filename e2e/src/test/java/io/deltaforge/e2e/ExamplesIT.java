package io.deltaforge.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.deltaforge.sandbox.Shop;
import io.deltaforge.sandbox.ShopWorkload;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

    /** Takes every request. */
    private static HttpServer webhook() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
                exchange.sendResponseHeaders(204, -1);
            }
        });
        server.start();
        return server;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void carriesWhatTheShopTrades(String example) throws Exception {
        String database = "example_" + example.replaceAll("[^a-z]", "_");
        Servers.database(database);
        try (Connection connection = Servers.POSTGRES.connect(database)) {
            Shop.createSchema(connection);
        }
        Path archive = Files.createDirectory(directory.resolve("archive"));
        HttpServer webhook = webhook();
        Map<String, String> environment = Map.of(
                "SEARCH_URL", "http://localhost:" + webhook.getAddress().getPort(),
                "ARCHIVE_DIRECTORY", archive.toString(),
                "POSTGRES_DSN", Servers.POSTGRES.dsn(database),
                "KAFKA_BROKERS", Servers.KAFKA.bootstrapServers(),
                "ANALYTICS_BROKERS", Servers.KAFKA.bootstrapServers());
        try (DeltaForge deltaForge = DeltaForge.run(EXAMPLES.resolve(example), directory, environment)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> deltaForge.health().contains("\"up\""));

            ShopWorkload shop = new ShopWorkload(() -> Servers.POSTGRES.connect(database), new Random(7));
            shop.run(100);

            int sinks = deltaForge.seriesOf("deltaforge_sink_events_total");
            deltaForge.awaitDelivered(sinks * shop.totals().rows());
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        } finally {
            webhook.stop(0);
        }
    }
}
