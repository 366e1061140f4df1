package io.deltaforge.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Entries that are pushed, from their sender to a topic, through SIGKILL where somebody can send them again. */
class PushIT {
    private static final int KILLS = 3;
    private static final int ENTRIES_A_POST = 10;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final String PASSWORD = "secret";

    @TempDir
    Path directory;

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Path pipeline(String topic, String source) throws IOException {
        return Files.writeString(directory.resolve(topic + ".yaml"), """
                apiVersion: deltaforge/v1
                kind: Pipeline
                metadata:
                  name: %1$s
                spec:
                  source:
                %3$s
                  sinks:
                    - type: kafka
                      config:
                        id: kafka
                        brokers: %2$s
                        topic: %1$s
                        envelope: raw
                """.formatted(
                        topic, Servers.KAFKA.bootstrapServers(), source.indent(4)));
    }

    private static List<String> inTopic(String topic) {
        return Servers.KAFKA.readAll(topic).stream()
                .map(record -> new String(record.value(), UTF_8))
                .toList();
    }

    private static void awaitUp(DeltaForge deltaForge) {
        await("up\n" + deltaForge.log())
                .atMost(Duration.ofMinutes(1))
                .until(() -> deltaForge.health().contains("\"up\""));
    }

    /** What was answered with 200 is in the topic. What was not is sent again, and may be there twice. */
    @Test
    void everyAcknowledgedPostIsInTheTopicThroughKills() throws Exception {
        int port = freePort();
        Path pipeline = pipeline("posted", "type: http\nconfig: {listen: " + port + "}\n");
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicBoolean posting = new AtomicBoolean(true);
        List<CompletableFuture<Void>> clients = IntStream.range(0, 3)
                .mapToObj(client -> CompletableFuture.runAsync(
                        () -> postWhile(posting, client, port, acknowledged),
                        task -> Thread.ofVirtual().start(task)))
                .toList();
        for (int kill = 0; kill < KILLS; kill++) {
            DeltaForge victim = DeltaForge.run(pipeline, directory);
            int wanted = acknowledged.size() + 10 * ENTRIES_A_POST * (kill + 1);
            await("posts acknowledged\n" + victim.log())
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> acknowledged.size() >= wanted);
            victim.kill();
        }
        try (DeltaForge last = DeltaForge.run(pipeline, directory)) {
            int wanted = acknowledged.size() + 5 * ENTRIES_A_POST;
            await("posts acknowledged\n" + last.log())
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> acknowledged.size() >= wanted);
            posting.set(false);
            clients.forEach(CompletableFuture::join);
            last.terminate();
            assertThat(last.awaitExit()).isZero();
        }
        List<String> records = inTopic("posted");
        assertThat(new HashSet<>(records)).containsAll(acknowledged);
        System.out.printf("PushIT: %d entries acknowledged, %d records%n", acknowledged.size(), records.size());
    }

    private static void postWhile(AtomicBoolean posting, int client, int port, Set<String> acknowledged) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (int post = 0; posting.get(); post++) {
                int first = post * ENTRIES_A_POST;
                List<String> entries = IntStream.range(first, first + ENTRIES_A_POST)
                        .mapToObj(number -> "{\"client\":" + client + ",\"number\":" + number + "}")
                        .toList();
                HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/logs"))
                        .timeout(Duration.ofSeconds(60))
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofString(String.join("\n", entries)))
                        .build();
                while (posting.get() && !isAcknowledged(http, request)) {
                    LockSupport.parkNanos(RETRY_NANOS); // refused, or nobody there: the same again
                }
                if (posting.get()) {
                    acknowledged.addAll(entries);
                }
            }
        }
    }

    private static boolean isAcknowledged(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Nobody sends syslog again: a stop delivers what has arrived. After a kill, new numbers begin above the old ones. */
    @Test
    void syslogArrivesOverTcpAndTls() throws Exception {
        int tcp = freePort();
        int tls = freePort();
        KeyStore keys = keys();
        Path pipeline = pipeline("syslog", """
                type: syslog
                config:
                  tcp: 127.0.0.1:%d
                  tls: 127.0.0.1:%d
                  cert_file: %s
                  key_file: %s
                """.formatted(tcp, tls, pem(keys, true), pem(keys, false)));

        try (DeltaForge first = DeltaForge.run(pipeline, directory)) {
            awaitUp(first);
            send(SocketFactory.getDefault(), tcp, "plain");
            first.awaitDelivered(1000);
            first.kill();
        }
        try (DeltaForge second = DeltaForge.run(pipeline, directory)) {
            awaitUp(second);
            send(trusting(keys).getSocketFactory(), tls, "secure");
            second.awaitDelivered(1000);
            second.terminate();
            assertThat(second.awaitExit()).isZero();
        }
        assertThat(inTopic("syslog"))
                .containsAll(
                        IntStream.range(0, 1000).mapToObj(i -> "plain " + i).toList())
                .containsAll(
                        IntStream.range(0, 1000).mapToObj(i -> "secure " + i).toList());
    }

    /** Half of them with their length, half with a newline. */
    private static void send(SocketFactory sockets, int port, String text) throws IOException {
        try (Socket socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port)) {
            StringBuilder messages = new StringBuilder();
            for (int i = 0; i < 1000; i++) {
                String message = "<14>1 2026-11-21T12:00:00Z host app - - - " + text + " " + i;
                messages.append(i % 2 == 0 ? message.length() + " " + message : message + "\n");
            }
            OutputStream out = socket.getOutputStream();
            out.write(messages.toString().getBytes(UTF_8));
            out.flush();
        }
    }

    private KeyStore keys() throws Exception {
        Path store = directory.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(List.of(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "me",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), UTF_8);
        assertThat(made.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private Path pem(KeyStore keys, boolean certificate) throws Exception {
        String label = certificate ? "CERTIFICATE" : "PRIVATE KEY";
        byte[] encoded = certificate
                ? keys.getCertificate("me").getEncoded()
                : keys.getKey("me", PASSWORD.toCharArray()).getEncoded();
        return Files.writeString(
                directory.resolve(certificate ? "server.crt" : "server.key"),
                "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END "
                        + label + "-----\n");
    }

    private static SSLContext trusting(KeyStore keys) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("server", keys.getCertificate("me"));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusted.getTrustManagers(), null);
        return context;
    }

    /** {@code cat lines | deltaforge run}: everything once, and exit code 0. */
    @Test
    void standardInputEndsThePipelineWhenEverythingIsDelivered() throws Exception {
        List<String> lines =
                IntStream.range(0, 20_000).mapToObj(i -> "line " + i).toList();
        try (DeltaForge deltaForge = DeltaForge.run(pipeline("piped", "type: stdin"), directory)) {
            try (OutputStream in = deltaForge.standardInput()) {
                in.write(String.join("\n", lines).getBytes(UTF_8));
            }
            assertThat(deltaForge.awaitExit()).as(deltaForge.log()).isZero();
        }
        assertThat(inTopic("piped")).containsExactlyInAnyOrderElementsOf(lines);
    }
}
