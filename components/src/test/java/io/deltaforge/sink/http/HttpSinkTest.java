package io.deltaforge.sink.http;

import static io.deltaforge.sink.Orders.CONTEXT;
import static io.deltaforge.sink.Orders.ORDERS;
import static io.deltaforge.sink.Orders.VISITS;
import static io.deltaforge.sink.Orders.batch;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deltaforge.envelope.cloudevents.CloudEventsEnvelope;
import io.deltaforge.event.Event;
import io.deltaforge.sink.Orders;
import io.deltaforge.sink.http.Endpoint.Answer;
import io.deltaforge.sink.http.Endpoint.Received;
import io.deltaforge.sink.http.HttpSinkConfig.BatchFormat;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSinkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final Orders events = new Orders();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    @Test
    void eachEventIsARequestThatSaysWhatItIs() throws Exception {
        Endpoint endpoint = start(request -> Answer.OK);
        HttpSink sink = open(Settings.of(endpoint.host() + "/hooks/${source.table}?customer=${after.customer}")
                .put()
                .header("Authorization", "Bearer s3cret-token"));

        delivered(sink.write(batch(events.insert(ORDERS, 1, "ann & bob"), events.insert(VISITS, 2, "né/../%"))));

        assertThat(endpoint.received())
                .extracting(Received::method, Received::path)
                .containsExactly(
                        tuple("PUT", "/hooks/orders?customer=ann%20%26%20bob"),
                        tuple("PUT", "/hooks/visits?customer=n%C3%A9%2F..%2F%25"));
        Received second = endpoint.received().get(1);
        assertThat(second.header("Authorization")).isEqualTo("Bearer s3cret-token");
        assertThat(second.header("Content-Type")).isEqualTo("application/json");
        assertThat(second.header("event-id")).isEqualTo("0/2:0");
        assertThat(second.header("Idempotency-Key")).isEqualTo("0/2:0");
        assertThat(second.header("Transfer-Encoding")).isNull();
        assertThat(ids(second)).containsExactly(2);
    }

    @Test
    void aBatchIsAnArrayOrLines() throws Exception {
        Endpoint endpoint = start(request -> Answer.OK);
        Event[] three = {
            events.insert(ORDERS, 1, "ann", "{\n\"a\":\r\n1}"),
            events.insert(ORDERS, 2, "a\nb"),
            events.insert(ORDERS, 3, "c")
        };

        delivered(open(Settings.of(endpoint.host()).batch(BatchFormat.ARRAY, 2, 1 << 20))
                .write(batch(three)));
        delivered(open(Settings.of(endpoint.host()).batch(BatchFormat.NDJSON, 100, 1 << 20))
                .write(batch(three)));

        assertThat(endpoint.received())
                .map(HttpSinkTest::ids)
                .containsExactly(List.of(1, 2), List.of(3), List.of(1, 2, 3));
        assertThat(endpoint.received())
                .map(request -> request.header("Idempotency-Key"))
                .containsExactly("0/1:0..0/2:0", "0/3:0", "0/1:0..0/3:0");
        assertThat(endpoint.received())
                .map(request -> request.header("Content-Type"))
                .containsExactly("application/json", "application/json", "application/x-ndjson");
        assertThat(endpoint.received().get(2).body().lines()).hasSize(3);
        assertThat(endpoint.received())
                .allSatisfy(request -> assertThat(request.header("event-id")).isNull());
    }

    @Test
    void anArrayOfCloudEventsHasItsOwnContentType() throws Exception {
        Endpoint endpoint = start(request -> Answer.OK);
        var cloudEvents = new CloudEventsEnvelope(new CloudEventsEnvelope.CloudEventsEnvelopeConfig("com.acme"));
        Settings single = Settings.of(endpoint.host()).envelope(cloudEvents);

        delivered(open(single).write(batch(events.insert(ORDERS, 1, "ann"))));
        delivered(open(single.batch(BatchFormat.ARRAY, 10, 1 << 20)).write(batch(events.insert(ORDERS, 1, "ann"))));

        assertThat(endpoint.received())
                .map(request -> request.header("Content-Type"))
                .containsExactly("application/cloudevents+json", "application/cloudevents-batch+json");
    }

    @Test
    void aRequestIsBoundedInEventsAndBytesAndHasOneUrl() throws Exception {
        Endpoint endpoint = start(request -> Answer.OK);
        HttpSink sink = open(Settings.of(endpoint.host() + "/${source.table}").batch(BatchFormat.ARRAY, 3, 2000));
        Event[] many = {
            events.insert(ORDERS, 1, "ann"),
            events.insert(ORDERS, 2, "x".repeat(5000)),
            events.insert(ORDERS, 3, "ann"),
            events.insert(VISITS, 4, "ann"),
            events.insert(ORDERS, 5, "ann"),
            events.insert(ORDERS, 6, "ann"),
            events.insert(ORDERS, 7, "ann"),
            events.insert(ORDERS, 8, "ann")
        };

        delivered(sink.write(batch(many)));

        assertThat(endpoint.received())
                .map(HttpSinkTest::ids)
                .containsExactly(List.of(1), List.of(2), List.of(3), List.of(4), List.of(5, 6, 7), List.of(8));
    }

    @ParameterizedTest
    @CsvSource({
        "503, 7, 7",
        "429, 'Sat, 21 Nov 2026 10:01:30 GMT', 90",
        "408, , ",
        "500, soon, ",
        "502, 0, ",
        "503, 'Sat, 21 Nov 2026 09:00:00 GMT', ",
        "503, 99999999999999999999, 3600",
    })
    void whatCanGetBetterIsTriedAgainWhenTheEndpointSays(int status, String retryAfter, Integer seconds)
            throws Exception {
        Map<String, String> headers = retryAfter == null ? Map.of() : Map.of("Retry-After", retryAfter);
        AtomicInteger requests = new AtomicInteger();
        Endpoint endpoint = start(
                request -> requests.incrementAndGet() == 2 ? new Answer(status, headers, "busy\nnow") : Answer.OK);
        HttpSink sink = open(Settings.of(endpoint.host()));
        Batch first = batch(events.insert(ORDERS, 1, "ann"), events.insert(ORDERS, 2, "ann"));
        Batch second = batch(events.insert(ORDERS, 3, "ann"));

        CompletableFuture<Void> failing = sink.write(first);
        CompletableFuture<Void> behind = sink.write(second);

        Failure.Retryable why = (Failure.Retryable) failure(failing);
        assertThat(why).hasMessage(endpoint.host() + " answered " + status + " (busy now)");
        assertThat(why.after()).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
        assertThat(failure(behind)).isInstanceOf(Failure.Retryable.class);

        sink.reset();
        delivered(sink.write(first));
        delivered(sink.write(second));
        assertThat(endpoint.received()).flatMap(HttpSinkTest::ids).containsExactly(1, 2, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 409, 413, 422})
    void anEventThatIsRefusedIsRejectedAndTheOthersArrive(int status) throws Exception {
        Endpoint endpoint = start(request -> ids(request).contains(2)
                ? new Answer(status, Map.of(), "{\"error\":\"no such customer\"}")
                : Answer.OK);
        HttpSink sink = open(Settings.of(endpoint.host()));

        Failure.Rejected failure = (Failure.Rejected) failure(sink.write(batch(
                events.insert(ORDERS, 1, "ann"), events.insert(ORDERS, 2, "bob"), events.insert(ORDERS, 3, "ann"))));

        assertThat(failure.events())
                .extracting(Failure.RejectedEvent::index, Failure.RejectedEvent::kind, Failure.RejectedEvent::reason)
                .containsExactly(tuple(
                        1,
                        "http_" + status,
                        endpoint.host() + " answered " + status + " ({\"error\":\"no such customer\"})"));
        var record = failure.events().getFirst().record();
        assertThat(record.destination()).isEqualTo(endpoint.host());
        assertThat(new String(record.value(), UTF_8)).contains("\"bob\"");
        assertThat(endpoint.received()).flatMap(HttpSinkTest::ids).containsExactly(1, 2, 3);
    }

    @Test
    void aBatchThatIsRefusedIsHalvedUntilTheCulpritsStandAlone() throws Exception {
        List<Integer> held = new ArrayList<>();
        Endpoint endpoint = start(request -> {
            List<Integer> ids = ids(request);
            if (ids.size() > 10) {
                return Answer.of(413);
            }
            if (ids.contains(7) || ids.contains(33)) {
                return Answer.of(422);
            }
            held.addAll(ids);
            return Answer.OK;
        });
        HttpSink sink = open(Settings.of(endpoint.host()).batch(BatchFormat.ARRAY, 100, 1 << 20));

        Failure.Rejected failure = (Failure.Rejected) failure(sink.write(orders(1, 40)));

        assertThat(failure.events())
                .extracting(Failure.RejectedEvent::index, Failure.RejectedEvent::kind)
                .containsExactly(tuple(6, "http_422"), tuple(32, "http_422"));
        List<Integer> expected =
                new ArrayList<>(IntStream.rangeClosed(1, 40).boxed().toList());
        expected.removeAll(List.of(7, 33));
        assertThat(held).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            401 | it wants credentials, or other ones: correct headers (e.g. Authorization)
            403 | these credentials may not write there: ask for the right, or correct headers or url
            404 | nothing is there: correct url
            405 | it takes no POST: correct method (it takes PUT, GET)
            410 | nothing is there: correct url
            415 | it does not take this content type: correct batch_format, or set Content-Type in headers
            """)
    void whatRefusesEveryRequestNeedsAHuman(int status, String mend) throws Exception {
        Endpoint endpoint = start(request -> new Answer(status, Map.of("Allow", "PUT, GET"), ""));
        HttpSink sink = open(Settings.of(endpoint.host() + "/hidden/${source.table}"));

        assertThat(failure(sink.write(orders(1, 3))))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage(endpoint.host() + " answered " + status + ": " + mend);
        assertThat(endpoint.received()).hasSize(1);
    }

    @Test
    void nothingAtTheUrlOfOneRowIsAboutThatRow() throws Exception {
        Endpoint endpoint = start(request -> request.path().endsWith("/2") ? Answer.of(404) : Answer.OK);
        HttpSink sink =
                open(Settings.of(endpoint.host() + "/orders/${after.id}").put());

        Failure.Rejected failure = (Failure.Rejected) failure(sink.write(orders(1, 3)));

        assertThat(failure.events()).map(Failure.RejectedEvent::kind).containsExactly("http_404");
        assertThat(endpoint.received()).map(Received::path).containsExactly("/orders/1", "/orders/2", "/orders/3");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowed(int status) throws Exception {
        Endpoint elsewhere = start(request -> Answer.OK);
        Endpoint endpoint =
                start(request -> new Answer(status, Map.of("Location", elsewhere.host() + "/T0/hidden"), ""));
        HttpSink sink = open(Settings.of(endpoint.host()));

        assertThat(failure(sink.write(orders(1, 1))))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageStartingWith(endpoint.host() + " answered " + status + ": it sends elsewhere, to "
                        + elsewhere.host() + ": write the final address as url.");
        assertThat(elsewhere.received()).isEmpty();
    }

    @Test
    void anEventWithoutAUrlIsRejected() throws Exception {
        Endpoint endpoint = start(request -> Answer.OK);
        HttpSink sink = open(Settings.of(endpoint.host() + "/by/${after.customer}"));

        Failure.Rejected failure = (Failure.Rejected) failure(sink.write(batch(
                events.insert(ORDERS, 1, null),
                events.message("audit"),
                events.insert(ORDERS, 2, ".."),
                events.insert(ORDERS, 3, "ann"))));

        assertThat(failure.events())
                .extracting(Failure.RejectedEvent::index, Failure.RejectedEvent::kind)
                .containsExactly(tuple(0, "no_url"), tuple(1, "no_url"), tuple(2, "invalid_url"));
        assertThat(endpoint.received()).map(Received::path).containsExactly("/by/ann");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thousandsOfEventsArriveInOrderPerKeyWithSeveralRequestsOnTheWay(boolean inBatches) throws Exception {
        Endpoint endpoint = start(request -> {
            LockSupport.parkNanos(new Random().nextInt(2_000_000));
            return Answer.OK;
        });
        Settings settings = Settings.of(endpoint.host()).inflight(8);
        HttpSink sink = open(inBatches ? settings.batch(BatchFormat.NDJSON, 5, 1 << 20) : settings);

        List<CompletableFuture<Void>> written = new ArrayList<>();
        for (int round = 0; round < 60; round++) {
            Event[] one = new Event[50];
            for (int key = 0; key < one.length; key++) {
                one[key] = events.insert(ORDERS, key, Integer.toString(round));
            }
            written.add(sink.write(batch(one)));
        }
        for (CompletableFuture<Void> one : written) {
            delivered(one);
        }

        Map<Integer, List<Integer>> rounds = new HashMap<>();
        for (Received request : endpoint.received()) {
            for (JsonNode event : read(request)) {
                rounds.computeIfAbsent(event.at("/after/id").asInt(), key -> new ArrayList<>())
                        .add(event.at("/after/customer").asInt());
            }
        }
        List<Integer> inOrder = IntStream.range(0, 60).boxed().toList();
        assertThat(rounds)
                .hasSize(50)
                .allSatisfy((key, found) -> assertThat(found).isEqualTo(inOrder));
        assertThat(endpoint.mostOnTheWay()).isBetween(2, 8);
    }

    @Test
    void aFailureIsToldOnlyWhenNothingIsOnTheWayAnyMore() throws Exception {
        CountDownLatch slowOnesCame = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Endpoint endpoint = start(request -> {
            if (ids(request).contains(1)) {
                awaitQuietly(slowOnesCame);
                return Answer.of(503);
            }
            slowOnesCame.countDown();
            awaitQuietly(goOn);
            return Answer.OK;
        });
        HttpSink sink = open(Settings.of(endpoint.host()).inflight(8));

        CompletableFuture<Void> written = sink.write(orders(1, 6));

        await().until(() -> ids(endpoint).contains(1));
        slowOnesCame.await();
        assertThat(written).isNotDone();
        goOn.countDown();
        assertThat(failure(written)).isInstanceOf(Failure.Retryable.class).hasMessageContaining("503");
    }

    @Test
    void whatArrivedBeforeAFailureIsNotSentAgain() throws Exception {
        AtomicInteger quota = new AtomicInteger(3);
        Endpoint endpoint = start(request -> quota.getAndDecrement() > 0 ? Answer.OK : Answer.of(429));
        HttpSink sink = open(Settings.of(endpoint.host()).inflight(1));
        Batch batch = orders(1, 8);

        assertThat(failure(sink.write(batch))).isInstanceOf(Failure.Retryable.class);
        quota.set(3);
        sink.reset();
        assertThat(failure(sink.write(batch))).isInstanceOf(Failure.Retryable.class);
        quota.set(3);
        sink.reset();
        delivered(sink.write(batch));

        // the fourth and the seventh were refused once
        assertThat(ids(endpoint)).containsExactly(1, 2, 3, 4, 4, 5, 6, 7, 7, 8);
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsGivenUp() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Endpoint endpoint = start(request -> {
            awaitQuietly(never);
            return Answer.OK;
        });
        HttpSink sink = open(Settings.of(endpoint.host()).timeout(Duration.ofMillis(200)));

        assertThat(failure(sink.write(orders(1, 1))))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessage(endpoint.host() + " did not answer within 200 ms");
        never.countDown();
    }

    @Test
    void closingBreaksOffWhatIsOnTheWay() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Endpoint endpoint = start(request -> {
            awaitQuietly(never);
            return Answer.OK;
        });
        HttpSink sink = open(Settings.of(endpoint.host()).inflight(4));
        CompletableFuture<Void> written = sink.write(orders(1, 10));
        await().until(() -> !endpoint.received().isEmpty());

        sink.close();
        sink.close();

        assertThat(failure(written)).isInstanceOf(Failure.Retryable.class);
        assertThat(failure(sink.write(orders(11, 1)))).isInstanceOf(Failure.Retryable.class);
        never.countDown();

        sink.open(CONTEXT);
        delivered(sink.write(orders(12, 1)));
    }

    @Test
    void noSecretIsShown() throws Exception {
        Endpoint endpoint = start(request -> new Answer(
                422, Map.of(), "cannot use " + request.header("Authorization") + " " + request.header("X-Key")));
        HttpSink sink = open(Settings.of(endpoint.host() + "/services/T00/hidden")
                .header("Authorization", "Bearer s3cret-token")
                .header("X-Key", "k3y-of-mine"));

        Failure.Rejected failure = (Failure.Rejected) failure(sink.write(orders(1, 1)));

        assertThat(failure)
                .hasMessageContaining("(cannot use *** *** ***)")
                .message()
                .doesNotContain("s3cret", "k3y", "hidden");
        assertThat(failure.events().getFirst().record().toString()).doesNotContain("s3cret", "k3y", "hidden");
    }

    private Batch orders(int first, int count) {
        return batch(IntStream.range(first, first + count)
                .mapToObj(id -> events.insert(ORDERS, id, "ann"))
                .toArray(Event[]::new));
    }

    private Endpoint start(Function<Received, Answer> behaviour) throws IOException {
        Endpoint endpoint = Endpoint.start(behaviour);
        opened.add(endpoint);
        return endpoint;
    }

    private HttpSink open(Settings settings) throws Failure {
        HttpSink sink = new HttpSink(settings.config(), Clock.fixed(NOW, ZoneOffset.UTC));
        opened.addFirst(sink);
        sink.open(CONTEXT);
        return sink;
    }

    private static List<Integer> ids(Endpoint endpoint) {
        return endpoint.received().stream()
                .flatMap(request -> ids(request).stream())
                .toList();
    }

    private static List<Integer> ids(Received request) {
        return read(request).stream()
                .map(event -> event.at("/after/id").asInt())
                .toList();
    }

    private static List<JsonNode> read(Received request) {
        List<JsonNode> found = new ArrayList<>();
        try {
            for (String line : request.body().lines().toList()) {
                JsonNode tree =
                        JSON.readTree(request.header("Content-Type").contains("ndjson") ? line : request.body());
                if (!tree.isArray()) {
                    found.add(tree);
                } else {
                    tree.forEach(found::add);
                }
                if (!request.header("Content-Type").contains("ndjson")) {
                    break;
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delivered(CompletableFuture<Void> written) throws Exception {
        written.get(30, TimeUnit.SECONDS);
    }

    private static Failure failure(CompletableFuture<Void> written) throws Exception {
        try {
            written.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (Failure) e.getCause();
        }
        throw new AssertionError("no failure");
    }
}
