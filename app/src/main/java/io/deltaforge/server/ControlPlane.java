package io.deltaforge.server;

import io.deltaforge.engine.PipelineState;
import io.deltaforge.engine.PipelineStatus;
import io.deltaforge.server.HttpServer.Answer;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows the pipelines to the outside: the REST API on one address, {@code /metrics} on another, or both on one.
 * Thread-safe.
 *
 * <p>The addresses are taken at once, so that a conflict is found before a pipeline starts; the servers come up in the
 * background, because they need half of the program's start-up time and nobody waits for them.
 */
public final class ControlPlane implements AutoCloseable {
    private final ServerSocketChannel apiChannel;
    private final @Nullable ServerSocketChannel metricsChannel;
    private final Metrics metrics;
    private final InstantSource clock;
    private final CompletableFuture<List<HttpServer>> servers;
    private volatile List<PipelineView> pipelines = List.of();

    private ControlPlane(
            ServerSocketChannel apiChannel,
            @Nullable ServerSocketChannel metricsChannel,
            Metrics metrics,
            InstantSource clock) {
        this.apiChannel = apiChannel;
        this.metricsChannel = metricsChannel;
        this.metrics = metrics;
        this.clock = clock;
        this.servers = new CompletableFuture<>();
    }

    /** @throws IOException when an address cannot be had; its message is for the user */
    public static ControlPlane start(Address api, Address metricsAddress, Metrics metrics, InstantSource clock)
            throws IOException {
        ServerSocketChannel apiChannel = api.bind();
        ServerSocketChannel metricsChannel = null;
        try {
            boolean shared = api.equals(metricsAddress) && api.port() != 0;
            metricsChannel = shared ? null : metricsAddress.bind();
        } catch (IOException e) {
            apiChannel.close();
            throw e;
        }
        ControlPlane controlPlane = new ControlPlane(apiChannel, metricsChannel, metrics, clock);
        Thread.ofPlatform().name("http-start").daemon().start(controlPlane::serve);
        return controlPlane;
    }

    private void serve() {
        try {
            Map<String, Answer> api = new HashMap<>();
            api.put("/health", this::health);
            api.put("/pipelines", this::list);
            api.put("/pipelines/{name}", this::detail);
            Map<String, Answer> scrape = Map.of("/metrics", this::metrics);
            if (metricsChannel == null) {
                api.putAll(scrape);
                servers.complete(List.of(new HttpServer("api", apiChannel, api)));
            } else {
                servers.complete(List.of(
                        new HttpServer("api", apiChannel, api), new HttpServer("metrics", metricsChannel, scrape)));
            }
        } catch (RuntimeException | Error e) {
            servers.completeExceptionally(e);
        }
    }

    /** Completes when both servers answer, exceptionally when one cannot. */
    public CompletableFuture<Void> ready() {
        return servers.thenAccept(started -> {});
    }

    /** Shows these pipelines from now on; until then {@code /health} says that the program starts. */
    public void show(List<PipelineView> views) {
        pipelines = List.copyOf(views);
    }

    /** Where the API listens, with the port it got. */
    public InetSocketAddress apiAddress() {
        return address(apiChannel);
    }

    /** Where {@code /metrics} is, with the port it got. */
    public InetSocketAddress metricsAddress() {
        return address(metricsChannel == null ? apiChannel : metricsChannel);
    }

    private static InetSocketAddress address(ServerSocketChannel channel) {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new IllegalStateException("the server is closed", e);
        }
    }

    private void health(Context request) throws IOException {
        List<PipelineStatus> statuses =
                pipelines.stream().map(view -> view.status().get()).toList();
        List<PipelineState> states =
                statuses.stream().map(PipelineStatus::state).toList();
        Health health = Health.of(states);
        request.status(health.httpStatus()).result(PipelineJson.health(health, statuses));
    }

    private void list(Context request) throws IOException {
        request.result(PipelineJson.pipelines(pipelines, clock.instant()));
    }

    private void detail(Context request) throws IOException {
        String name = request.pathParam("name");
        for (PipelineView view : pipelines) {
            if (view.name().equals(name)) {
                request.result(PipelineJson.pipeline(view, clock.instant()));
                return;
            }
        }
        String names = pipelines.stream().map(PipelineView::name).collect(Collectors.joining(", "));
        request.status(404).result("{\"error\":\"there is no such pipeline; there are: " + names + "\"}\n");
    }

    private void metrics(Context request) {
        request.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
    }

    @Override
    public void close() {
        try {
            servers.join().forEach(HttpServer::close);
        } catch (CompletionException e) {
            closeChannels(); // they never started
        }
    }

    private void closeChannels() {
        try {
            apiChannel.close();
            if (metricsChannel != null) {
                metricsChannel.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException("an address cannot be released", e);
        }
    }
}
