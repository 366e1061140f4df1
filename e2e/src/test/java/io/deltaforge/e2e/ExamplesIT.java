package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file in {@code examples/} runs as it stands; those that read PostgreSQL carry a shop's changes. */
class ExamplesIT {
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final String LOGS = "logs.yaml";

    @TempDir
    Path directory;

    static List<String> examples() throws IOException {
        return examples(true);
    }

    static List<String> examplesOfLogs() throws IOException {
        return examples(false);
    }

    private static List<String> examples(boolean ofPostgres) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            for (Path file : files.sorted().toList()) {
                boolean isYaml = file.toString().endsWith(".yaml");
                if (isYaml && Files.readString(file).contains("type: postgres") == ofPostgres) {
                    names.add(file.getFileName().toString());
                }
            }
        }
        return names;
    }

    /** There is no Docker engine here: that example says so, and tries again. */
    @ParameterizedTest
    @MethodSource("examplesOfLogs")
    void runsUntilItIsStopped(String example) {
        Map<String, String> environment = Map.of(
                "INGEST_LISTEN", "127.0.0.1:0",
                "INGEST_TOKEN", "of this test",
                "SYSLOG_TCP", "127.0.0.1:0",
                "SYSLOG_UDP", "127.0.0.1:0",
                "DOCKER_SOCKET", directory.resolve("no.sock").toString(),
                "KAFKA_BROKERS", Servers.KAFKA.bootstrapServers());
        try (DeltaForge deltaForge = DeltaForge.run(EXAMPLES.resolve(example), directory, environment)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> deltaForge.health().contains("\"up\"")
                            || deltaForge.log().contains("no word from the Docker engine"));
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).as(deltaForge.log()).isZero();
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

    @Test
    void carriesTheLinesOfLogs() throws Exception {
        Path logs = Files.createDirectories(directory.resolve("logs").resolve("web"));
        Files.writeString(logs.resolve("app.log"), "GET /cart 200\nError: no stock\n    at Cart.add\nGET / 200\n");
        Files.writeString(logs.resolve("debug.log"), "nobody wants this\n");
        Map<String, String> environment = Map.of(
                "LOG_DIRECTORY", directory.resolve("logs").toString(),
                "KAFKA_BROKERS", Servers.KAFKA.bootstrapServers());
        try (DeltaForge deltaForge = DeltaForge.run(EXAMPLES.resolve(LOGS), directory, environment)) {
            deltaForge.awaitDelivered(3);
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
        }
        assertThat(Servers.KAFKA.readAll("app-logs"))
                .hasSize(3)
                .allSatisfy(record -> assertThat(record.key())
                        .isEqualTo(logs.resolve("app.log").toString().getBytes(UTF_8)));
    }
}
