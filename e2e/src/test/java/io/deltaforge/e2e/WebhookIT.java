package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline to a webhook that is overloaded at times, with a filter. */
class WebhookIT {
    private static final int TRADES = 400;

    @TempDir
    Path directory;

    private final List<String> lines = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();

    @Test
    void anOverloadedEndpointGetsEverythingInOrderButWhatTheFilterLeavesOut() throws Exception {
        Servers.database("webhook", Ledger.TABLE);
        Ledger ledger = new Ledger(11);
        HttpServer endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/", this::answer);
        try (ExecutorService threads = Executors.newCachedThreadPool();
                DeltaForge deltaForge =
                        DeltaForge.run(pipeline(endpoint.getAddress().getPort()), directory)) {
            endpoint.setExecutor(threads);
            endpoint.start();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> deltaForge.health().contains("\"up\""));

            try (Connection connection = Servers.POSTGRES.connect("webhook")) {
                for (int i = 0; i < TRADES; i++) {
                    ledger.trade(connection);
                }
            }
            awaitAll(ledger);
            String before = deltaForge.checkpoint("webhook");
            Servers.POSTGRES.executeIn("webhook", "DELETE FROM accounts");

            await("the checkpoint moves over what is left out")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> !deltaForge.checkpoint("webhook").equals(before)
                            && deltaForge.metric("deltaforge_checkpoint_lag_events") == 0);
            deltaForge.terminate();
            assertThat(deltaForge.awaitExit()).isZero();
            assertThat(deltaForge.log()).contains("answered 503").doesNotContain("s3cret");
        } finally {
            endpoint.stop(0);
        }
        assertThat(lines()).noneMatch(line -> line.contains("\"op\":\"d\""));
        assertThat(requests.get()).isGreaterThan(10);
    }

    private void awaitAll(Ledger ledger) {
        await("everything at the endpoint")
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(
                        () -> assertThat(ledger.violationsOfLines(lines())).isEmpty());
    }

    /** Every tenth request comes too soon. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            if (!"Bearer s3cret-token".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
            } else if (requests.incrementAndGet() % 10 == 0) {
                exchange.getResponseHeaders().set("Retry-After", "1");
                exchange.sendResponseHeaders(503, -1);
            } else {
                synchronized (lines) {
                    lines.addAll(body.lines().toList());
                }
                exchange.sendResponseHeaders(204, -1);
            }
        }
    }

    private List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    private Path pipeline(int port) throws IOException {
        return Files.writeString(
                directory.resolve("webhook.yaml"), """
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata:
                  name: webhook
                spec:
                  source:
                    type: postgres
                    config:
                      id: webhook-source
                      dsn: %s
                      slot: webhook
                      publication: webhook_pub
                      tables: [public.accounts]
                  sinks:
                    - type: http
                      filter: {tables: [public.accounts], ops: [insert, update]}
                      config:
                        id: hooks
                        url: http://localhost:%d/hooks/${source.table}
                        headers: {Authorization: Bearer s3cret-token}
                        mode: batch
                        batch_format: ndjson
                        max_batch_events: 50
                        max_inflight: 4
                """.formatted(Servers.POSTGRES.dsn("webhook"), port));
    }
}
