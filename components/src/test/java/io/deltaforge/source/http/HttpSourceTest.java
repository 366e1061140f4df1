package io.deltaforge.source.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deltaforge.sink.kafka.Authority;
import io.deltaforge.sink.kafka.Identity;
import io.deltaforge.source.PushFeed;
import io.deltaforge.spi.Secret;
import io.deltaforge.spi.intake.ListenAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With the JDK's client, over real sockets. */
class HttpSourceTest {
    private static final String NDJSON = "application/x-ndjson";
    private static final int MAX_BODY_BYTES = 200_000;
    private static final ListenAddress ANY_PORT = new ListenAddress("127.0.0.1", 0);

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path directory;

    /** What tests vary. */
    private record Varied(
            @Nullable String token,
            @Nullable String user,
            Duration ackTimeout,
            @Nullable Path cert,
            @Nullable Path key) {}

    private static final Varied PLAIN = new Varied(null, null, Duration.ofSeconds(60), null, null);

    private static HttpSource source(Varied varied, ListenAddress listen) {
        return new HttpSource(config(varied, listen));
    }

    private static HttpSourceConfig config(Varied varied, ListenAddress listen) {
        return new HttpSourceConfig(
                "web",
                listen,
                "/logs",
                varied.token == null ? null : new Secret(varied.token),
                varied.user,
                varied.user == null ? null : new Secret("pass"),
                varied.cert == null ? null : varied.cert.toString(),
                varied.key == null ? null : varied.key.toString(),
                null,
                MAX_BODY_BYTES,
                1000,
                varied.ackTimeout,
                4,
                Map.of("team", "ops"));
    }

    private static URI uri(HttpSource source, String scheme) {
        await().atMost(Duration.ofSeconds(60)).until(() -> source.port() > 0);
        return URI.create(scheme + "://localhost:" + source.port() + "/logs");
    }

    private static HttpRequest.Builder post(HttpSource source, String type, byte[] body) {
        return HttpRequest.newBuilder(uri(source, "http"))
                .timeout(Duration.ofMinutes(2))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(HttpSource source, String type, String body)
            throws IOException, InterruptedException {
        return send(post(source, type, body.getBytes(UTF_8)).build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "application/x-ndjson | {\"a\":1}\\n\\n {\"a\":2} \\r\\n\"three\" | {\"a\":1};{\"a\":2};\"three\"",
                "application/json; charset=utf-8 | [{\"a\":1},\\n {\"b\":[2,3]} , 4] | {\"a\":1};{\"b\":[2,3]};4",
                "application/json | {\"only\":\"one\"} | {\"only\":\"one\"}",
                "application/json | {\"a\":1}\\n{\"a\":2} | {\"a\":1};{\"a\":2}",
                "text/plain | first\\r\\nsecond\\nlast | first;second;last",
            })
    void takesEntriesInEachForm(String type, String body, String expected) throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        List<String> messages = List.of(expected.split(";"));
        try (PushFeed feed = PushFeed.run(source)) {
            HttpResponse<String> response =
                    send(source, type, body.replace("\\n", "\n").replace("\\r", "\r"));
            assertThat(response.body()).isEqualTo("{\"accepted\":" + messages.size() + "}\n");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(feed.messages()).isEqualTo(messages);
            assertThat(feed.entries().getFirst().stream().labels())
                    .isEqualTo(Map.of("team", "ops", "peer", "127.0.0.1"));
        }
    }

    @Test
    void nothingToTakeIsNoMistake() throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        try (PushFeed feed = PushFeed.run(source)) {
            assertThat(send(source, "application/json", "[]").body()).contains("\"accepted\":0");
            assertThat(send(source, NDJSON, "").body()).contains("\"accepted\":0");
            assertThat(feed.entries()).isEmpty();
        }
    }

    @Test
    void unpacksGzip() throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"a\":1}\n{\"a\":2}\n".getBytes(UTF_8));
        }
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[2_000_000]);
        }
        try (PushFeed feed = PushFeed.run(source)) {
            assertThat(send(post(source, NDJSON, packed.toByteArray())
                                    .header("Content-Encoding", "gzip")
                                    .build())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(feed.messages()).containsExactly("{\"a\":1}", "{\"a\":2}");
            assertThat(send(post(source, NDJSON, bomb.toByteArray())
                                    .header("Content-Encoding", "gzip")
                                    .build())
                            .statusCode())
                    .isEqualTo(413);
            assertThat(send(post(source, NDJSON, "plain".getBytes(UTF_8))
                                    .header("Content-Encoding", "gzip")
                                    .build())
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    /** What waits for the sinks must not take more memory than it is counted for. */
    @Test
    void aSmallBodyTakesLittleMemory() throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        try (PushFeed feed = PushFeed.run(source)) {
            send(source, NDJSON, "{\"a\":1}");
            send(source, NDJSON, "\n".repeat(60_000) + "{\"a\":2}\n" + "\n".repeat(60_000) + "[3]");
            assertThat(feed.messages()).containsExactly("{\"a\":1}", "{\"a\":2}", "[3]");
            assertThat(feed.entries())
                    .allSatisfy(entry -> assertThat(entry.data()).hasSizeLessThan(100));
        }
    }

    /** A body that the heap cannot hold would end the process, whenever a client likes. */
    @Test
    void bodiesThatTheHeapCannotHoldAreRefusedAtTheStart() {
        try (PushFeed feed = PushFeed.run(new HttpSource(config(PLAIN, ANY_PORT), 4 * MAX_BODY_BYTES - 1))) {
            assertThat(feed.awaitFatal())
                    .hasMessageContaining("max_body_bytes")
                    .hasMessageContaining("DELTAFORGE_OPTS=-Xmx");
        }
        try (PushFeed feed = PushFeed.run(new HttpSource(config(PLAIN, ANY_PORT), 4 * MAX_BODY_BYTES))) {
            feed.awaitAlive();
        }
    }

    /** The promise: no answer before the sinks have it. */
    @Test
    void answersAfterEverythingIsDurable() throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        try (PushFeed feed = PushFeed.runWithoutDurability(source)) {
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                    post(source, NDJSON, "{}\n{}".getBytes(UTF_8)).build(), HttpResponse.BodyHandlers.ofString());
            feed.awaitEntries(2);
            assertThat(answer).isNotDone();
            feed.durableAtOnce(true);
            assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void asksToRepeatWhatIsNotDurableInTime() throws Exception {
        HttpSource source = source(new Varied(null, null, Duration.ofMillis(100), null, null), ANY_PORT);
        try (PushFeed feed = PushFeed.runWithoutDurability(source)) {
            HttpResponse<String> answer = send(source, NDJSON, "{}");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("5");
            assertThat(feed.entries()).hasSize(1);
        }
    }

    /** A client whose entries did not get through learns it when the source ends, not after its time-out. */
    @Test
    void refusesAtTheEndWhatIsNotDurable() throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        PushFeed feed = PushFeed.runWithoutDurability(source);
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                post(source, NDJSON, "{}".getBytes(UTF_8)).build(), HttpResponse.BodyHandlers.ofString());
        feed.awaitEntries(1);
        feed.close();
        assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
    }

    @Test
    void refusesUnderPressure() throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        try (PushFeed feed = PushFeed.run(source)) {
            feed.awaitAlive();
            feed.room(false);
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                HttpResponse<String> answer = send(source, NDJSON, "{}");
                assertThat(answer.statusCode()).isEqualTo(429);
                assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            });
            feed.room(true);
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() ->
                            assertThat(send(source, NDJSON, "{}").statusCode()).isEqualTo(200));
        }
    }

    @Test
    void moreRequestsThanAllowedAreToldToWait() throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        try (PushFeed feed = PushFeed.runWithoutDurability(source)) {
            List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(client.sendAsync(
                        post(source, NDJSON, "{}".getBytes(UTF_8)).build(), HttpResponse.BodyHandlers.ofString()));
            }
            feed.awaitEntries(4);
            assertThat(send(source, NDJSON, "{}").statusCode()).isEqualTo(503);
            feed.durableAtOnce(true);
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void saysWhatIsWrongWithARequest() throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        try (PushFeed feed = PushFeed.run(source)) {
            HttpResponse<String> malformed = send(source, NDJSON, "{}\n{]\n");
            assertThat(malformed.statusCode()).isEqualTo(400);
            assertThat(malformed.body()).contains("line 2 is not JSON");

            HttpResponse<String> form = send(source, "application/x-www-form-urlencoded", "a=1");
            assertThat(form.statusCode()).isEqualTo(415);
            assertThat(form.body()).contains("application/x-ndjson");

            assertThat(send(source, NDJSON, "x".repeat(300_000)).statusCode()).isEqualTo(413);
            HttpResponse<String> large = send(source, "text/plain", "ok\n" + "x".repeat(2000));
            assertThat(large.statusCode()).isEqualTo(413);
            assertThat(large.body()).contains("entry 2 has 2000 bytes");

            HttpResponse<String> get =
                    send(HttpRequest.newBuilder(uri(source, "http")).GET().build());
            assertThat(get.statusCode()).isEqualTo(405);
            assertThat(get.headers().firstValue("Allow")).contains("POST");
            assertThat(send(HttpRequest.newBuilder(uri(source, "http").resolve("/logs/other"))
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build())
                            .statusCode())
                    .isEqualTo(404);
            // all or nothing: not the good line of a bad body
            assertThat(feed.entries()).isEmpty();
        }
    }

    /** Load balancers look that way whether somebody is there; the JDK's server wrote a warning to standard error each time. */
    @Test
    void answersHeadWithoutABody() throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        List<String> warnings = new CopyOnWriteArrayList<>();
        Logger server = Logger.getLogger("com.sun.net.httpserver");
        Handler recorder = new Handler() {
            @Override
            public void publish(LogRecord record) {
                warnings.add(record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        server.addHandler(recorder);
        try (PushFeed feed = PushFeed.run(source)) {
            HttpResponse<String> answer =
                    send(HttpRequest.newBuilder(uri(source, "http")).HEAD().build());
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.body()).isEmpty();
            assertThat(warnings).isEmpty();
            assertThat(feed.entries()).isEmpty();
        } finally {
            server.removeHandler(recorder);
        }
    }

    /** Without a login too: whoever opens connections and sends no more keeps nobody else from being heard. */
    @ParameterizedTest
    @ValueSource(strings = {"POST /logs HTTP/1.1\r\nHost: a", "POST /logs HTTP/1.1\r\nContent-Length: 9\r\n\r\n[1,"})
    void clientsThatStopInARequestDoNotKeepOthersWaiting(String beginning) throws Exception {
        HttpSource source = source(new Varied("tok3n", null, Duration.ofSeconds(60), null, null), ANY_PORT);
        List<Socket> stopped = new ArrayList<>();
        try (PushFeed feed = PushFeed.run(source)) {
            URI uri = uri(source, "http");
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort());
                socket.getOutputStream().write(beginning.getBytes(UTF_8));
                stopped.add(socket);
            }
            HttpRequest request = post(source, NDJSON, "{}".getBytes(UTF_8))
                    .timeout(Duration.ofSeconds(60)) // those that stopped are cut off after 120
                    .header("Authorization", "Bearer tok3n")
                    .build();
            assertThat(send(request).statusCode()).isEqualTo(200);
            assertThat(feed.entries()).hasSize(1);
        } finally {
            for (Socket socket : stopped) {
                socket.close();
            }
        }
    }

    /** A connection that is closed on a client that still sends takes the answer with it. */
    @Test
    void whoSendsTooMuchIsAnsweredAllTheSame() throws Exception {
        HttpSource source = source(PLAIN, ANY_PORT);
        byte[] body = new byte[8 << 20];
        try (PushFeed feed = PushFeed.run(source)) {
            for (int i = 0; i < 10; i++) {
                assertThat(send(post(source, "text/plain", body).build()).statusCode())
                        .isEqualTo(413);
            }
            assertThat(feed.entries()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "tok3n,     , Bearer tok3n,         200",
        "tok3n,     , bearer tok3n,         200",
        "tok3n,     , Bearer wrong,         401",
        "tok3n,     , Basic tok3n,          401",
        "tok3n,     , ,                     401",
        "     , user, Basic dXNlcjpwYXNz,   200",
        "     , user, Basic dXNlcjpvdGhlcg==, 401",
    })
    void asksWhoItIs(@Nullable String token, @Nullable String user, @Nullable String header, int status)
            throws Exception {
        HttpSource source = source(new Varied(token, user, Duration.ofSeconds(60), null, null), ANY_PORT);
        try (PushFeed feed = PushFeed.run(source)) {
            HttpRequest.Builder request = post(source, NDJSON, "{}".getBytes(UTF_8));
            if (header != null) {
                request.header("Authorization", header);
            }
            HttpResponse<String> answer = send(request.build());
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.headers().firstValue("WWW-Authenticate").isPresent())
                    .isEqualTo(status == 401);
            assertThat(feed.entries()).hasSize(status == 200 ? 1 : 0);
        }
    }

    @Test
    void speaksTls() throws Exception {
        Authority authority = new Authority("ca");
        Identity server = authority.issue("server");
        Varied tls = new Varied(
                null,
                null,
                Duration.ofSeconds(60),
                server.writeCertificate(directory.resolve("server.crt")),
                server.writeKey(directory.resolve("server.key")));
        HttpSource source = source(tls, ANY_PORT);
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusted.getTrustManagers(), null);
        try (PushFeed feed = PushFeed.run(source);
                HttpClient secure = HttpClient.newBuilder().sslContext(context).build()) {
            HttpResponse<String> answer = secure.send(
                    HttpRequest.newBuilder(uri(source, "https"))
                            .header("Content-Type", NDJSON)
                            .POST(HttpRequest.BodyPublishers.ofString("{\"a\":1}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(feed.messages()).containsExactly("{\"a\":1}");
        }
    }

    @Test
    void saysWhichPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PushFeed feed = PushFeed.run(source(PLAIN, new ListenAddress("127.0.0.1", taken.getLocalPort())))) {
            assertThat(feed.awaitFatal())
                    .hasMessage("listen: 127.0.0.1:" + taken.getLocalPort()
                            + " is in use by another program: stop that, or set listen to another port");
        }
    }

    @Test
    void settingsMustFitAndShowNoSecret() {
        assertThatThrownBy(() -> source(new Varied("token", "user", Duration.ofSeconds(1), null, null), ANY_PORT))
                .hasMessageContaining("username");
        assertThatThrownBy(() -> source(new Varied(null, null, Duration.ofSeconds(1), Path.of("a"), null), ANY_PORT))
                .hasMessageContaining("key_file");
        assertThat(new Secret("tok3n").toString()).doesNotContain("tok3n");
    }
}
