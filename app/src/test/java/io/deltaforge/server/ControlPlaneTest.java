package io.deltaforge.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.engine.PipelineState;
import io.deltaforge.engine.PipelineStatus;
import io.deltaforge.reliability.FailureBreaker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlPlaneTest {
    private static final Address ANY = Address.parse("127.0.0.1:0");
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final long MINUTE_AGO_MICROS = (NOW.getEpochSecond() - 60) * 1_000_000;
    private static final PipelineState RUNNING = new PipelineState.Running();

    private final InstantSource clock = InstantSource.fixed(NOW);
    private final Metrics metrics = new Metrics(clock);
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicReference<PipelineState> ordersState = new AtomicReference<>(RUNNING);
    private ControlPlane controlPlane;

    @BeforeEach
    void start() throws Exception {
        controlPlane = ControlPlane.start(ANY, ANY, metrics, clock);
        controlPlane.ready().get();
    }

    @AfterEach
    void stop() {
        controlPlane.close();
        metrics.close();
        http.close();
    }

    @Test
    void healthIsStartingUntilThereArePipelines() throws Exception {
        HttpResponse<String> health = api("/health");

        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.body()).isEqualTo("{\"status\":\"starting\",\"pipelines\":{}}\n");
    }

    @ParameterizedTest
    @CsvSource({
        "running, 200, up, ''",
        "retrying, 200, degraded, 'the broker is away'",
        "starting, 503, starting, ''",
        "draining, 503, stopping, ''",
        "stopped, 503, down, ''",
        "failed, 503, down, 'wrong password'"
    })
    void theWorstPipelineSpeaksForAll(String state, int httpStatus, String status, String reason) throws Exception {
        ordersState.set(
                switch (state) {
                    case "running" -> RUNNING;
                    case "retrying" -> new PipelineState.Retrying(reason);
                    case "starting" -> new PipelineState.Starting();
                    case "draining" -> new PipelineState.Draining();
                    case "stopped" -> new PipelineState.Stopped();
                    default -> new PipelineState.Failed(reason);
                });
        controlPlane.show(List.of(orders(), view("items", () -> RUNNING)));

        HttpResponse<String> health = api("/health");

        String why = reason.isEmpty() ? "" : ",\"reason\":\"" + reason + "\"";
        assertThat(health.statusCode()).isEqualTo(httpStatus);
        assertThat(health.body())
                .isEqualTo("{\"status\":\"" + status + "\",\"pipelines\":{\"orders\":{\"state\":\"" + state + "\"" + why
                        + "},\"items\":{\"state\":\"running\"}}}\n");
        assertThat(health.headers().firstValue("content-type")).hasValue("application/json");
    }

    @Test
    void aPipelineIsShownWithItsSinksCheckpointsAndLags() throws Exception {
        controlPlane.show(List.of(orders()));

        String expected =
                "{\"name\":\"orders\",\"tenant\":\"acme\",\"labels\":{\"team\":\"shop\"},\"state\":\"running\","
                        + "\"source\":{\"id\":\"orders-db\",\"events_read\":1000,\"lag_bytes\":4096,\"lag_seconds\":60.0,"
                        + "\"durable_position\":\"0/16B3748\"},"
                        + "\"sinks\":[{\"id\":\"orders-kafka\",\"required\":true,\"events_delivered\":900,\"events_pending\":100,"
                        + "\"lag_seconds\":60.0,\"checkpoint\":\"0/16B3748\",\"trouble\":null,"
                        + "\"spooled_events\":0,\"spooled_bytes\":0,\"skipped_events\":0}]}";
        assertThat(api("/pipelines/orders").body()).isEqualTo(expected + "\n");
        assertThat(api("/pipelines").body()).isEqualTo("{\"pipelines\":[" + expected + "]}\n");
    }

    @Test
    void whoAsksForWhatIsNotThereHearsWhatIs() throws Exception {
        controlPlane.show(List.of(orders(), view("items", () -> RUNNING)));

        HttpResponse<String> pipeline = api("/pipelines/nope");
        HttpResponse<String> path = api("/");

        assertThat(pipeline.statusCode()).isEqualTo(404);
        assertThat(pipeline.body()).isEqualTo("{\"error\":\"there is no such pipeline; there are: orders, items\"}\n");
        assertThat(path.statusCode()).isEqualTo(404);
        assertThat(path.body())
                .isEqualTo(
                        "{\"error\":\"there is nothing here; there are: /health, /pipelines, /pipelines/{name}\"}\n");
    }

    @Test
    void metricsAndApiKeepToTheirOwnAddress() throws Exception {
        HttpResponse<String> scrape = get(controlPlane.metricsAddress(), "/metrics");

        assertThat(scrape.statusCode()).isEqualTo(200);
        assertThat(scrape.headers().firstValue("content-type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(scrape.body()).contains("jvm_memory_used_bytes", "process_cpu_usage", "process_uptime_seconds");
        assertThat(get(controlPlane.metricsAddress(), "/health").statusCode()).isEqualTo(404);
        assertThat(api("/metrics").statusCode()).isEqualTo(404);
    }

    @Test
    void oneAddressCanServeBoth() throws Exception {
        int port = controlPlane.apiAddress().getPort();
        controlPlane.close();
        Address both = new Address("127.0.0.1", port);

        controlPlane = ControlPlane.start(both, both, metrics, clock);
        controlPlane.ready().get();

        assertThat(api("/metrics").statusCode()).isEqualTo(200);
        assertThat(api("/health").statusCode()).isEqualTo(503);
    }

    @Test
    void anAddressInUseIsNamed() {
        Address taken = new Address("127.0.0.1", controlPlane.apiAddress().getPort());

        assertThatThrownBy(() -> ControlPlane.start(ANY, taken, metrics, clock))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on " + taken + ": another program does already");
    }

    @ParameterizedTest
    @CsvSource({"8080", ":8080", "127.0.0.1", "127.0.0.1:70000", "::1:8080", "http://localhost:8080"})
    void whatIsNoAddressIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Address.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\" is no address to listen on; write host:port");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:8080", "[::1]:0", "0.0.0.0:65535", "localhost:9000"})
    void anAddressIsReadAsWritten(String text) {
        assertThat(Address.parse(text)).hasToString(text);
    }

    private PipelineView orders() {
        return view("orders", ordersState::get);
    }

    private static PipelineView view(String name, Supplier<PipelineState> state) {
        return new PipelineView(
                name,
                "acme",
                Map.of("team", "shop"),
                () -> new PipelineStatus(
                        name,
                        state.get(),
                        "orders-db",
                        1000,
                        4096,
                        MINUTE_AGO_MICROS,
                        "0/16B3748",
                        List.of(new PipelineStatus.SinkStatus(
                                "orders-kafka",
                                true,
                                900,
                                100,
                                MINUTE_AGO_MICROS,
                                "0/16B3748",
                                null,
                                0,
                                0,
                                0,
                                PipelineStatus.QueueStatus.EMPTY,
                                FailureBreaker.State.CLOSED))));
    }

    private HttpResponse<String> api(String path) throws IOException, InterruptedException {
        return get(controlPlane.apiAddress(), path);
    }

    private HttpResponse<String> get(InetSocketAddress address, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
