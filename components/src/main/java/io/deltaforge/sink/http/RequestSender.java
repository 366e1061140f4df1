package io.deltaforge.sink.http;

import io.deltaforge.spi.Failure;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Sends one request and understands its answer. Thread-safe. */
final class RequestSender {
    private final HttpClient client;
    private final HttpSinkConfig config;
    private final Answers answers;
    private final String contentType;

    RequestSender(HttpClient client, HttpSinkConfig config, Answers answers, String eventType) {
        this.client = client;
        this.config = config;
        this.answers = answers;
        this.contentType = contentType(config, eventType);
    }

    private static String contentType(HttpSinkConfig config, String eventType) {
        if (config.mode() == HttpSinkConfig.Mode.SINGLE) {
            return eventType;
        }
        if (config.batchFormat() == HttpSinkConfig.BatchFormat.NDJSON) {
            return "application/x-ndjson";
        }
        // CloudEvents' HTTP binding, section 3.3, gives an array of events a type of its own
        return eventType.equals("application/cloudevents+json") ? "application/cloudevents-batch+json" : eventType;
    }

    /** What is said of an event that the endpoint refuses. */
    Failure.RejectedEvent rejected(Outgoing.Item item, Answers.Verdict.Refused why) {
        return new Failure.RejectedEvent(
                item.index(), why.kind(), why.reason(), answers.rendered(item.eventId(), item.value()));
    }

    /** Completes with what the answer means, also when there is none. Cancelling it breaks the request off. */
    @SuppressWarnings("FutureReturnValueIgnored") // breaking off cannot fail
    CompletableFuture<Answers.Verdict> send(Outgoing outgoing) {
        CompletableFuture<HttpResponse<String>> exchange;
        try {
            exchange = client.sendAsync(request(outgoing), response -> new BodyExcerpt());
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(answers.verdict(e));
        }
        // the request's own timeout ends with the head of the answer
        CompletableFuture<Answers.Verdict> verdict = exchange.copy()
                .orTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((response, error) -> error == null ? answers.verdict(response) : answers.verdict(error));
        verdict.whenComplete((known, cancelled) -> exchange.cancel(true));
        return verdict;
    }

    private HttpRequest request(Outgoing outgoing) {
        HttpRequest.Builder request = HttpRequest.newBuilder(outgoing.uri())
                .timeout(config.timeout())
                .header("User-Agent", "DeltaForge")
                .header("Content-Type", contentType)
                .header("Idempotency-Key", outgoing.idempotencyKey())
                .method(config.method().name(), HttpRequest.BodyPublishers.ofByteArray(body(outgoing.items())));
        if (config.mode() == HttpSinkConfig.Mode.SINGLE) {
            request.header("event-id", outgoing.items().getFirst().eventId());
        }
        config.headers().forEach((name, value) -> request.setHeader(name, value.reveal()));
        return request.build();
    }

    private byte[] body(List<Outgoing.Item> items) {
        if (config.mode() == HttpSinkConfig.Mode.SINGLE) {
            return items.getFirst().value();
        }
        boolean array = config.batchFormat() == HttpSinkConfig.BatchFormat.ARRAY;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Outgoing.Item item : items) {
            if (array) {
                body.write(body.size() == 0 ? '[' : ',');
                body.writeBytes(item.value());
            } else {
                writeLine(item.value(), body);
            }
        }
        if (array) {
            body.write(']');
        }
        return body.toByteArray();
    }

    /** The line breaks that JSON allows between its parts become spaces. */
    private static void writeLine(byte[] json, ByteArrayOutputStream to) {
        for (byte b : json) {
            to.write(b == '\n' || b == '\r' ? ' ' : b);
        }
        to.write('\n');
    }
}
