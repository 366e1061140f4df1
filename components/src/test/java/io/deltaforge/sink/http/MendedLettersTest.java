package io.deltaforge.sink.http;

import static io.deltaforge.sink.Orders.CONTEXT;
import static io.deltaforge.sink.Orders.ORDERS;
import static io.deltaforge.sink.Orders.batch;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.deltaforge.event.Event;
import io.deltaforge.sink.Orders;
import io.deltaforge.sink.http.Endpoint.Answer;
import io.deltaforge.sink.http.Endpoint.Received;
import io.deltaforge.sink.http.HttpSinkConfig.BatchFormat;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.HandMade;
import io.deltaforge.spi.Rendered;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letters with a value made by hand go to the endpoint like events. */
class MendedLettersTest {
    private final Event event = new Orders().insert(ORDERS, 1, "ann");
    private Endpoint endpoint;
    private HttpSink sink;

    @BeforeEach
    void start() throws Exception {
        endpoint = Endpoint.start(request -> request.body().contains("refuse") ? Answer.of(422) : Answer.OK);
    }

    @AfterEach
    void close() {
        if (sink != null) {
            sink.close();
        }
        endpoint.close();
    }

    @Test
    void theBytesGoToTheUrlOfTheEvent() throws Exception {
        open(Settings.of(endpoint.host() + "/hooks/${source.table}/${after.id}"));

        delivered(sink.write(letter("{\"mended\": 1}", event)));

        Received received = endpoint.received().getFirst();
        assertThat(received.path()).isEqualTo("/hooks/orders/1");
        assertThat(received.body()).isEqualTo("{\"mended\": 1}");
        assertThat(received.header("event-id")).isEqualTo("0/1:0");
        assertThat(received.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void whatDiffersHasADifferentIdempotencyKeyAndWhatIsTheSameHasTheSame() throws Exception {
        open(Settings.of(endpoint.host()));

        delivered(sink.write(batch(event)));
        delivered(sink.write(letter("{\"mended\":1}", event)));
        delivered(sink.write(letter("{\"mended\":1}", event)));
        delivered(sink.write(letter("{\"mended\":2}", event)));

        List<String> keys = endpoint.received().stream()
                .map(request -> request.header("Idempotency-Key"))
                .toList();
        assertThat(keys.get(0)).isEqualTo("0/1:0");
        assertThat(keys.get(1)).startsWith("0/1:0-edited-").isEqualTo(keys.get(2));
        assertThat(keys.get(3)).startsWith("0/1:0-edited-").isNotEqualTo(keys.get(1));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"ARRAY,`[{\"a\":\n1}]`", "NDJSON,`{\"a\": 1}\n`"})
    void aBatchOfOneIsABatch(BatchFormat format, String body) throws Exception {
        open(Settings.of(endpoint.host()).batch(format, 10, 1 << 20));

        delivered(sink.write(letter("{\"a\":\n1}", event)));

        assertThat(endpoint.received().getFirst().body()).isEqualTo(body);
    }

    @Test
    void whatWouldBreakABatchIsRejected() throws Exception {
        open(Settings.of(endpoint.host()).batch(BatchFormat.ARRAY, 10, 1 << 20));

        Failure.RejectedEvent rejected = rejected(sink.write(letter("{\"a\":1}, {", event)));

        assertThat(rejected.kind()).isEqualTo("serialization");
        assertThat(rejected.reason()).contains("byte 7: something follows the value");
        assertThat(endpoint.received()).isEmpty();
    }

    @Test
    void whatIsRefusedAgainIsRejected() throws Exception {
        open(Settings.of(endpoint.host()));

        Failure.RejectedEvent rejected = rejected(sink.write(letter("\"refuse\"", event)));

        assertThat(rejected.kind()).isEqualTo("http_422");
        assertThat(rejected.index()).isZero();
    }

    @Test
    void theUrlIsNamedWhereTheEventIsNotKept() throws Exception {
        open(Settings.of(endpoint.host() + "/hooks/${source.table}"));

        Failure.RejectedEvent rejected = rejected(sink.write(letter("1", null)));
        delivered(sink.write(moved("2", endpoint.host() + "/hooks/orders?by=hand")));

        assertThat(rejected.kind()).isEqualTo("invalid_url");
        assertThat(rejected.reason()).contains("--destination");
        assertThat(endpoint.received()).map(Received::path).containsExactly("/hooks/orders?by=hand");
    }

    @Test
    void aUrlThatIsTheSameForAllNeedsNoEvent() throws Exception {
        open(Settings.of(endpoint.host() + "/hooks"));

        delivered(sink.write(letter("1", null)));

        assertThat(endpoint.received()).map(Received::path).containsExactly("/hooks");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://elsewhere.example/hooks", "HOST@elsewhere.example/", "HOST/hooks/../x", "orders", "a b"
            })
    void secretHeadersGoToNoOtherHost(String url) throws Exception {
        open(Settings.of(endpoint.host() + "/hooks").header("Authorization", "Bearer s3cret-token"));

        Failure.RejectedEvent rejected = rejected(sink.write(moved("1", url.replace("HOST", endpoint.host()))));

        assertThat(rejected.kind()).isEqualTo("invalid_url");
        assertThat(endpoint.received()).isEmpty();
    }

    private void open(Settings settings) throws Failure {
        sink = new HttpSink(settings.config());
        sink.open(CONTEXT);
    }

    private HandMade letter(String value, Event kept) {
        return new HandMade("0/1:0", record(value, endpoint.host()), kept, false);
    }

    private static HandMade moved(String value, String destination) {
        return new HandMade("0/1:0", record(value, destination), null, true);
    }

    private static Rendered record(String value, String destination) {
        return new Rendered(destination, null, null, value.getBytes(UTF_8), List.of());
    }

    private static void delivered(CompletableFuture<Void> written) throws Exception {
        written.get(30, TimeUnit.SECONDS);
    }

    private static Failure.RejectedEvent rejected(CompletableFuture<Void> written) {
        Failure.Rejected failure =
                (Failure.Rejected) catchThrowableOfType(ExecutionException.class, () -> delivered(written))
                        .getCause();
        return failure.events().getFirst();
    }
}
