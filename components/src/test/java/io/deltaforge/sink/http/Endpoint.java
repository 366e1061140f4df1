package io.deltaforge.sink.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/** A real HTTP server that remembers what it got. Thread-safe. */
final class Endpoint implements AutoCloseable {
    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Function<Received, Answer> behaviour;
    private final List<Received> received = new ArrayList<>();
    private final AtomicInteger onTheWay = new AtomicInteger();
    private final AtomicInteger mostOnTheWay = new AtomicInteger();

    record Received(String method, String path, Headers headers, String body) {
        String header(String name) {
            return headers.getFirst(name);
        }
    }

    record Answer(int status, Map<String, String> headers, String body) {
        static final Answer OK = of(204);

        static Answer of(int status) {
            return new Answer(status, Map.of(), "");
        }
    }

    private Endpoint(HttpServer server, String scheme, Function<Received, Answer> behaviour) {
        this.server = server;
        this.scheme = scheme;
        this.behaviour = behaviour;
    }

    static Endpoint start(Function<Received, Answer> behaviour) throws IOException {
        return new Endpoint(HttpServer.create(loopback(), 0), "http", behaviour).started();
    }

    static Endpoint startTls(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new Endpoint(server, "https", request -> Answer.OK).started();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private Endpoint started() {
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        mostOnTheWay.accumulateAndGet(onTheWay.incrementAndGet(), Math::max);
        try (exchange) {
            Received request = new Received(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            synchronized (received) {
                received.add(request);
            }
            Answer answer = behaviour.apply(request);
            onTheWay.decrementAndGet(); // once it is answered, the next may come before this thread goes on
            answer(exchange, answer);
        }
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    String host() {
        return scheme + "://localhost:" + server.getAddress().getPort();
    }

    List<Received> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    int mostOnTheWay() {
        return mostOnTheWay.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
