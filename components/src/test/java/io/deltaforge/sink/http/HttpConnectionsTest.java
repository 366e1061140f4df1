package io.deltaforge.sink.http;

import static io.deltaforge.sink.Orders.CONTEXT;
import static io.deltaforge.sink.Orders.ORDERS;
import static io.deltaforge.sink.Orders.batch;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.sink.Orders;
import io.deltaforge.spi.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints that do not behave, and TLS. */
class HttpConnectionsTest {
    private static final String OK = "HTTP/1.1 204 No Content\r\n\r\n";

    @TempDir
    Path directory;

    private final Orders events = new Orders();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    /** What a server does with one connection, after the head of its request. */
    private interface Behaviour {
        void serve(Socket connection) throws Exception;
    }

    @Test
    void aConnectionThatIsClosedInsteadOfAnAnswerIsTriedAgain() throws Exception {
        HttpSink sink = open(serve(Socket::close, connection -> answer(connection, OK)));

        assertThat(failure(sink))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessageMatching("the connection to .* broke: .*");

        sink.reset();
        write(sink);
    }

    @Test
    void aConnectionThatIsHalfClosedInsteadOfAnAnswerIsTriedAgain() throws Exception {
        HttpSink sink = open(serve(Socket::shutdownOutput, connection -> answer(connection, OK)));

        assertThat(failure(sink)).isInstanceOf(Failure.Retryable.class);

        sink.reset();
        write(sink);
    }

    @Test
    void aConnectionThatIsResetIsTriedAgain() throws Exception {
        HttpSink sink = open(serve(
                connection -> {
                    connection.setSoLinger(true, 0);
                    connection.close();
                },
                connection -> answer(connection, OK)));

        assertThat(failure(sink)).isInstanceOf(Failure.Retryable.class);

        sink.reset();
        write(sink);
    }

    @Test
    void anAnswerThatStopsInItsMiddleIsGivenUpInTime() throws Exception {
        String half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
        CountDownLatch never = new CountDownLatch(1);
        HttpSink sink = open(serve(
                connection -> {
                    answer(connection, half);
                    never.await();
                },
                connection -> {
                    answer(connection, half);
                    connection.close();
                },
                connection -> answer(connection, OK)));

        assertThat(failure(sink))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessageContaining("did not answer within 500 ms");
        sink.reset();
        assertThat(failure(sink)).isInstanceOf(Failure.Retryable.class).hasMessageContaining("broke");

        never.countDown();
        sink.reset();
        write(sink);
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() throws Exception {
        HttpSink sink = open(serve(connection -> {
            answer(connection, "HTTP/1.1 422 No\r\nConnection: close\r\n\r\nwrong");
            byte[] more = "x".repeat(1 << 16).getBytes(ISO_8859_1);
            while (true) {
                connection.getOutputStream().write(more);
            }
        }));

        assertThat(failure(sink))
                .isInstanceOf(Failure.Rejected.class)
                .message()
                .contains("(wrongxxx")
                .hasSizeLessThan(400);
    }

    @Test
    void whatIsNoHttpIsTriedAgain() throws Exception {
        HttpSink sink = open(serve(connection -> answer(connection, "220 mail ESMTP\r\n\r\n")));

        assertThat(failure(sink)).isInstanceOf(Failure.Retryable.class);
    }

    @Test
    void anEndpointThatIsDownIsWaitedFor() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        HttpSink sink = open("http://localhost:" + port);

        assertThat(failure(sink))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessage("http://localhost:" + port + " takes no connections");
    }

    @Test
    void aCertificateMustBeTrusted() throws Exception {
        KeyStore keys = keys();
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, "changeit".toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(factory.getKeyManagers(), null, null);
        Endpoint endpoint = Endpoint.startTls(tls);
        opened.add(endpoint);
        Path ca = Files.writeString(
                directory.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate("hooks").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");

        assertThat(failure(open(Settings.of(endpoint.host()))))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageStartingWith("the certificate of " + endpoint.host() + " is not trusted (")
                .hasMessageEndingWith(": correct url, or name the certificate of who issued it in ca_file");
        write(open(Settings.of(endpoint.host()).ca(ca.toString())));
        assertThat(endpoint.received()).hasSize(1);
    }

    @Test
    void aCaFileThatHoldsNoneIsSaid() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path wrong = Files.writeString(directory.resolve("wrong.pem"), "-----BEGIN CERTIFICATE-----\nnone\n");

        assertThatThrownBy(() -> open(Settings.of("https://localhost").ca(empty.toString())))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage("ca_file " + empty + " holds no certificate: it must be PEM");
        assertThatThrownBy(() -> open(Settings.of("https://localhost").ca(wrong.toString())))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessage("ca_file " + wrong + " cannot be understood: it must hold certificates as PEM");
        assertThatThrownBy(() -> open(Settings.of("https://localhost").ca(directory + "/none.pem")))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("cannot be read");
    }

    private KeyStore keys() throws Exception {
        Path store = directory.resolve("hooks.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "hooks",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        store.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        return keys;
    }

    /** A server that treats its first connection so, its second so. */
    private String serve(Behaviour... behaviours) throws IOException {
        ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        opened.add(server);
        Thread.ofPlatform().daemon().start(() -> {
            for (Behaviour behaviour : behaviours) {
                try {
                    Socket connection = server.accept();
                    readHead(connection);
                    Thread.ofPlatform().daemon().start(() -> serve(connection, behaviour));
                } catch (IOException e) {
                    return; // the test is over
                }
            }
        });
        return "http://localhost:" + server.getLocalPort();
    }

    private static void serve(Socket connection, Behaviour behaviour) {
        try {
            behaviour.serve(connection);
        } catch (Exception e) {
            // the client has gone, as it should
        }
    }

    private static void readHead(Socket connection) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) connection.getInputStream().read());
        }
    }

    private static void answer(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private HttpSink open(String url) throws Failure {
        return open(Settings.of(url).timeout(Duration.ofMillis(500)));
    }

    private HttpSink open(Settings settings) throws Failure {
        HttpSink sink = new HttpSink(settings.config());
        opened.addFirst(sink);
        sink.open(CONTEXT);
        return sink;
    }

    private void write(HttpSink sink) throws Exception {
        sink.write(batch(events.insert(ORDERS, 1, "ann"))).get(30, TimeUnit.SECONDS);
    }

    private Failure failure(HttpSink sink) throws Exception {
        try {
            write(sink);
        } catch (ExecutionException e) {
            return (Failure) e.getCause();
        }
        throw new AssertionError("no failure");
    }
}
