package io.deltaforge.source.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.deltaforge.event.LogStream;
import io.deltaforge.spi.intake.Draft;
import io.deltaforge.spi.intake.Intake;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListIterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Answers requests: 200 only after every entry is durable at the sinks. Thread-safe. */
final class LogsHandler implements HttpHandler {
    private static final int MAX_STREAMS = 1000;
    /** Of all bodies together: what waits for its acknowledgement too. */
    private static final int ALL_BODIES_BYTES = 32 << 20;

    /** Of a body that is refused. */
    private static final int MOST_PASSED_OVER = 128 << 20;

    private static final int PASSED_OVER_AT_ONCE = 16 * 1024;

    private static final int NO_BODY = -1;

    private static final int SOON_SECONDS = 1;
    private static final int LATER_SECONDS = 5;

    private final HttpSourceConfig config;
    private final Intake intake;
    private final Login login;
    private final Body bodies;
    private final Semaphore free;
    private final Map<InetAddress, LogStream> streams = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, LogStream> eldest) {
            return size() > MAX_STREAMS;
        }
    };
    private volatile boolean ending;

    LogsHandler(HttpSourceConfig config, Intake intake) {
        this.config = config;
        this.intake = intake;
        this.login = new Login(config);
        this.bodies = new Body(config.maxBodyBytes(), Math.max(ALL_BODIES_BYTES, 2 * config.maxBodyBytes()));
        this.free = new Semaphore(config.maxRequests());
    }

    /** From now on clients are told to come back later. */
    void end() {
        ending = true;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                int count = accept(exchange);
                answer(exchange, 200, "{\"accepted\":" + count + "}\n");
            } catch (Refusal refusal) {
                String header = refusal.header();
                String value = refusal.headerValue();
                if (header != null && value != null) {
                    exchange.getResponseHeaders().set(header, value);
                }
                // what is left of the body would be taken for the next request
                exchange.getResponseHeaders().set("Connection", "close");
                answer(exchange, refusal.status(), "{\"error\":\"" + escaped(refusal.getMessage()) + "\"}\n");
                passOver(exchange.getRequestBody());
            }
        }
    }

    private static String escaped(@Nullable String message) {
        return String.valueOf(message).replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, NO_BODY);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
    }

    /** To close on a client that still sends would reset the connection, and the client would miss the answer. */
    private static void passOver(InputStream body) throws IOException {
        byte[] bytes = new byte[PASSED_OVER_AT_ONCE];
        int left = MOST_PASSED_OVER;
        for (int count = 0; count >= 0 && left > 0; left -= count) {
            count = body.read(bytes);
        }
    }

    private int accept(HttpExchange exchange) throws IOException, Refusal {
        Headers headers = exchange.getRequestHeaders();
        if (!exchange.getRequestURI().getPath().equals(config.path())) {
            throw new Refusal(404, "entries are taken at another path");
        }
        login.check(headers.getFirst("Authorization"));
        if (!exchange.getRequestMethod().equals("POST")) {
            throw new Refusal(405, "entries come by POST", "Allow", "POST");
        }
        BodyForm form = BodyForm.of(headers.getFirst("Content-Type"));
        boolean gzip = isGzip(headers.getFirst("Content-Encoding"));
        if (announced(headers.getFirst("Content-Length")) > bodies.maxBytes()) {
            throw bodies.tooLarge();
        }
        if (ending) {
            throw Refusal.later(503, "the pipeline is stopping", LATER_SECONDS);
        }
        if (intake.isPressed()) {
            throw pressed();
        }
        if (!free.tryAcquire()) {
            throw Refusal.later(503, "too many requests at once", SOON_SECONDS);
        }
        try (Body.Read body = bodies.read()) {
            body.from(exchange.getRequestBody(), gzip);
            return deliver(entries(form, body, exchange.getRemoteAddress().getAddress()));
        } finally {
            free.release();
        }
    }

    private static Refusal pressed() {
        return Refusal.later(429, "the sinks do not keep up", SOON_SECONDS);
    }

    private static boolean isGzip(@Nullable String encoding) throws Refusal {
        String name = encoding == null ? "identity" : encoding.strip().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "gzip", "x-gzip" -> true;
            case "identity", "" -> false;
            default -> throw new Refusal(415, "Content-Encoding must be gzip, or none");
        };
    }

    private static long announced(@Nullable String contentLength) throws Refusal {
        try {
            return contentLength == null ? 0 : Long.parseLong(contentLength.strip());
        } catch (NumberFormatException e) {
            throw new Refusal(400, "Content-Length is no number");
        }
    }

    private List<Draft> entries(BodyForm form, Body.Read body, InetAddress peer) throws Refusal {
        LogStream stream = stream(peer);
        long nowMicros = Math.multiplyExact(System.currentTimeMillis(), 1000);
        List<Draft> drafts = new ArrayList<>();
        byte[] data = body.bytes();
        form.entries(data, body.length(), (start, end) -> {
            if (end - start > config.maxEntryBytes()) {
                throw new Refusal(
                        413,
                        "entry " + (drafts.size() + 1) + " has " + (end - start) + " bytes, which is more than "
                                + config.maxEntryBytes());
            }
            drafts.add(new Draft(stream, data, start, end, nowMicros, null, Map.of(), false));
        });
        return packed(drafts, data);
    }

    /**
     * Entries keep the array that they lie in, for as long as the sinks take, and count only their own bytes: where most of
     * it is not theirs, such as empty lines, they get one without the rest.
     */
    private static List<Draft> packed(List<Draft> drafts, byte[] data) {
        int bytes =
                drafts.stream().mapToInt(draft -> draft.end() - draft.start()).sum();
        if (bytes >= data.length / 2) {
            return drafts;
        }
        byte[] own = new byte[bytes];
        int at = 0;
        for (ListIterator<Draft> each = drafts.listIterator(); each.hasNext(); ) {
            Draft draft = each.next();
            int length = draft.end() - draft.start();
            System.arraycopy(data, draft.start(), own, at, length);
            each.set(draft.in(own, at));
            at += length;
        }
        return drafts;
    }

    /** Waits until all of it is durable; returns how many there are. */
    private int deliver(List<Draft> drafts) throws Refusal {
        if (drafts.isEmpty()) {
            return 0;
        }
        CompletableFuture<Void> receipt = new CompletableFuture<>();
        if (!intake.offer(drafts, receipt)) {
            throw pressed();
        }
        try {
            receipt.get(config.ackTimeout().toNanos(), TimeUnit.NANOSECONDS);
            return drafts.size();
        } catch (TimeoutException e) {
            throw Refusal.later(503, "the sinks have not confirmed the entries in time", LATER_SECONDS);
        } catch (ExecutionException e) {
            throw Refusal.later(503, "the pipeline is stopping", LATER_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.later(503, "the pipeline is stopping", LATER_SECONDS);
        }
    }

    private LogStream stream(InetAddress peer) {
        synchronized (streams) {
            return streams.computeIfAbsent(peer, address -> {
                Map<String, String> labels = new LinkedHashMap<>(config.labels());
                labels.put("peer", address.getHostAddress());
                String name = "http://" + address.getHostAddress();
                return new LogStream(name, name, labels, null);
            });
        }
    }
}
