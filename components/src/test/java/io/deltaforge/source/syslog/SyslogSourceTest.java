package io.deltaforge.source.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import io.deltaforge.sink.kafka.Authority;
import io.deltaforge.sink.kafka.Identity;
import io.deltaforge.source.PushFeed;
import io.deltaforge.spi.intake.ListenAddress;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** On real sockets. */
class SyslogSourceTest {
    private static final ListenAddress ANY_PORT = new ListenAddress("127.0.0.1", 0);
    private static final char[] PASSWORD = "secret".toCharArray();

    @TempDir
    Path directory;

    private static SyslogSourceConfig config(
            @Nullable ListenAddress tcp,
            @Nullable ListenAddress tls,
            @Nullable ListenAddress udp,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Path clientCa) {
        return new SyslogSourceConfig(
                "log",
                tcp,
                tls,
                udp,
                certificate == null ? null : certificate.toString(),
                key == null ? null : key.toString(),
                clientCa == null ? null : clientCa.toString(),
                1000,
                4,
                null,
                SyslogSourceConfig.Zone.parse("UTC"),
                Map.of("team", "ops"));
    }

    private static SyslogSource tcp() {
        return new SyslogSource(config(ANY_PORT, null, null, null, null, null));
    }

    private static int port(SyslogSource source) {
        await().atMost(Duration.ofSeconds(60)).until(() -> !source.ports().isEmpty());
        return source.ports().getFirst();
    }

    private static Socket connect(SyslogSource source) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port(source));
    }

    private static void send(Socket socket, String bytes) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(bytes.getBytes(UTF_8));
        out.flush();
    }

    @Test
    void takesBothFramingsAndBothFormatsOfOneConnection() throws Exception {
        SyslogSource source = tcp();
        try (PushFeed feed = PushFeed.run(source);
                Socket socket = connect(source)) {
            String counted = "<11>1 2026-11-21T12:00:00Z web1 app 7 - - counted\nwith a newline";
            send(socket, counted.length() + " " + counted + "<30>Nov 21 12:00:00 web2 cron[1]: line\nneither\n");
            List<LogEntry> entries = feed.awaitEntries(3);

            assertThat(feed.messages()).containsExactly("counted\nwith a newline", "line", "neither");
            assertThat(entries.get(0).stream().labels())
                    .isEqualTo(Map.of("team", "ops", "peer", "127.0.0.1", "host", "web1"));
            assertThat(entries.get(0).level()).isEqualTo(LogLevel.ERROR);
            assertThat(entries.get(0).fields()).containsEntry("procid", "7");
            assertThat(entries.get(1).stream().labels()).containsEntry("host", "web2");
            assertThat(entries.get(2).stream().labels())
                    .isEqualTo(Map.of("team", "ops", "peer", "127.0.0.1", "unparsed", "true"));
            assertThat(entries.get(2).level()).isNull();
        }
    }

    @Test
    void cutsLongMessagesAndSaysSo() throws Exception {
        SyslogSource source = tcp();
        try (PushFeed feed = PushFeed.run(source);
                Socket socket = connect(source)) {
            send(socket, "<11>app: " + "x".repeat(5000) + "\n<11>app: short\n");
            List<LogEntry> entries = feed.awaitEntries(2);
            assertThat(feed.messages()).containsExactly("x".repeat(1000 - "<11>app: ".length()), "short");
            assertThat(entries.get(0).truncated()).isTrue();
            assertThat(entries.get(1).truncated()).isFalse();
        }
    }

    /** Six connections where four are allowed: the others wait, and nothing is lost. */
    @Test
    void manyConnectionsWaitForOneAnother() throws Exception {
        SyslogSource source = tcp();
        try (PushFeed feed = PushFeed.run(source)) {
            port(source);
            List<CompletableFuture<Void>> senders = IntStream.range(0, 6)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> {
                        try (Socket socket = connect(source)) {
                            for (int line = 0; line < 500; line++) {
                                send(socket, "<11>app: " + i + "/" + line + "\n");
                            }
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    }))
                    .toList();
            senders.forEach(CompletableFuture::join);
            feed.awaitEntries(3000);
            for (int i = 0; i < 6; i++) {
                String prefix = i + "/";
                assertThat(feed.messages().stream().filter(message -> message.startsWith(prefix)))
                        .containsExactlyElementsOf(IntStream.range(0, 500)
                                .mapToObj(line -> prefix + line)
                                .toList());
            }
        }
    }

    /** A sender is slowed down by TCP itself; what it could send arrives once there is room, in order. */
    @Test
    void aFullPipelineStopsTheReading() throws Exception {
        SyslogSource source = tcp();
        try (PushFeed feed = PushFeed.run(source);
                Socket socket = connect(source)) {
            feed.awaitAlive();
            feed.room(false);
            String line = "<11>app: " + "x".repeat(900) + "\n";
            int lines = 60_000; // more than the intake and both sockets' buffers hold
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                try {
                    for (int i = 0; i < lines; i++) {
                        send(socket, line);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(sending).isNotDone();
            assertThat(feed.entries()).hasSizeLessThan(lines);
            feed.room(true);
            sending.join();
            feed.awaitEntries(lines);
            assertThat(feed.entries()).hasSize(lines);
        }
    }

    /** A clean stop takes what arrived, the half of a message too. */
    @Test
    void whatHasArrivedIsHandedOnAtTheEnd() throws Exception {
        SyslogSource source = tcp();
        PushFeed feed = PushFeed.run(source);
        try (Socket socket = connect(source)) {
            send(socket, "<11>app: one\n<11>app: two\n<11>app: hal");
            feed.awaitEntries(2);
            feed.close();
            assertThat(feed.messages()).containsExactly("one", "two", "hal");
        }
    }

    /** What TLS has not taken apart yet has arrived too. */
    @Test
    void whatHasArrivedOverTlsIsHandedOnAtTheEnd() throws Exception {
        Authority authority = new Authority("ca");
        Identity server = authority.issue("server");
        SyslogSource source = new SyslogSource(config(
                null,
                ANY_PORT,
                null,
                server.writeCertificate(directory.resolve("server.crt")),
                server.writeKey(directory.resolve("server.key")),
                null));
        PushFeed feed = PushFeed.run(source);
        try (SSLSocket socket = connectTls(source, authority, null)) {
            feed.awaitAlive();
            feed.room(false);
            // some more than the intake holds, by its own count; the rest lies in the sockets' buffers
            String line = "x".repeat(839) + "\n";
            int lines = (16 << 20) / 1000 + 80;
            for (int i = 0; i < lines; i++) {
                send(socket, line);
            }
            feed.close();
            assertThat(feed.entries()).hasSize(lines);
        }
    }

    /** What lies in the system's buffer has arrived too. */
    @Test
    void datagramsThatHaveArrivedAreHandedOnAtTheEnd() throws Exception {
        for (int round = 0; round < 10; round++) {
            SyslogSource source = new SyslogSource(config(null, null, ANY_PORT, null, null, null));
            PushFeed feed = PushFeed.run(source);
            try (DatagramSocket socket = new DatagramSocket()) {
                int port = port(source);
                byte[] data = "<11>app: datagram".getBytes(UTF_8);
                for (int i = 0; i < 200; i++) {
                    socket.send(new DatagramPacket(data, data.length, InetAddress.getLoopbackAddress(), port));
                }
                feed.close();
                assertThat(feed.entries()).hasSize(200);
            }
        }
    }

    @Test
    void takesDatagrams() throws Exception {
        SyslogSource source = new SyslogSource(config(null, null, ANY_PORT, null, null, null));
        try (PushFeed feed = PushFeed.run(source);
                DatagramSocket socket = new DatagramSocket()) {
            int port = port(source);
            for (String message : List.of("<11>app: one\n", "<11>app: " + "x".repeat(2000), "plain")) {
                byte[] data = message.getBytes(UTF_8);
                socket.send(new DatagramPacket(data, data.length, InetAddress.getLoopbackAddress(), port));
            }
            List<LogEntry> entries = feed.awaitEntries(3);
            assertThat(feed.messages()).containsExactly("one", "x".repeat(1000 - "<11>app: ".length()), "plain");
            assertThat(entries.get(1).truncated()).isTrue();
        }
    }

    /** The engine decides what becomes of what cannot wait; who can wait does. */
    @Test
    void datagramsGoOnUnderPressureAndConnectionsDoNot() throws Exception {
        SyslogSource source = new SyslogSource(config(ANY_PORT, null, ANY_PORT, null, null, null));
        assertThat(source.canPause()).isFalse();
        assertThat(tcp().canPause()).isTrue();
        try (PushFeed feed = PushFeed.run(source);
                Socket connection = connect(source);
                DatagramSocket socket = new DatagramSocket()) {
            feed.awaitAlive();
            feed.room(false);
            byte[] data = "<11>app: datagram".getBytes(UTF_8);
            send(connection, "<11>app: line\n");
            socket.send(new DatagramPacket(
                    data,
                    data.length,
                    InetAddress.getLoopbackAddress(),
                    source.ports().getLast()));
            await().atMost(Duration.ofSeconds(60)).until(() -> feed.messages().contains("datagram"));
            feed.room(true);
            await().atMost(Duration.ofSeconds(60)).until(() -> feed.messages().contains("line"));
        }
    }

    /** Here and in the system's buffer; those of the last moment too, and each is told. */
    @Test
    void countsDatagramsForWhichThereIsNoRoom() throws Exception {
        SyslogSource source = new SyslogSource(config(null, null, ANY_PORT, null, null, null));
        Logger logger = (Logger) LoggerFactory.getLogger(UdpListener.class);
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        logger.addAppender(told);
        AtomicInteger sent = new AtomicInteger();
        PushFeed feed = PushFeed.run(source);
        try (DatagramSocket socket = new DatagramSocket()) {
            int port = port(source);
            feed.awaitAlive();
            feed.blockEvents(true);
            byte[] data = ("<11>app: " + "x".repeat(900)).getBytes(UTF_8);
            DatagramPacket packet = new DatagramPacket(data, data.length, InetAddress.getLoopbackAddress(), port);
            await().atMost(Duration.ofSeconds(60))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        for (int i = 0; i < 500; i++) {
                            socket.send(packet);
                            sent.incrementAndGet();
                        }
                        return dropped(source) > 0;
                    });
            for (int i = 0; i < 5000; i++) {
                socket.send(packet);
                sent.incrementAndGet();
            }
        } finally {
            feed.close();
            logger.detachAppender(told);
        }
        assertThat(feed.entries().size() + dropped(source)).isEqualTo(sent.get());
        assertThat(told.list.stream()
                        .mapToLong(line -> (Long) line.getArgumentArray()[1])
                        .sum())
                .isEqualTo(dropped(source));
    }

    private static long dropped(SyslogSource source) {
        return (long) source.figures().getFirst().value().getAsDouble();
    }

    @Test
    void speaksTls() throws Exception {
        Authority authority = new Authority("ca");
        Identity server = authority.issue("server");
        SyslogSource source = new SyslogSource(config(
                null,
                ANY_PORT,
                null,
                server.writeCertificate(directory.resolve("server.crt")),
                server.writePkcs1Key(directory.resolve("server.key")),
                null));
        try (PushFeed feed = PushFeed.run(source);
                SSLSocket socket = connectTls(source, authority, null)) {
            send(socket, "16 <11>app: secure\n");
            feed.awaitEntries(1);
            assertThat(feed.messages()).containsExactly("secure\n".strip());
            assertThat(feed.entries().getFirst().stream().name()).isEqualTo("tls://127.0.0.1");
        }
    }

    @Test
    void asksClientsForTheirCertificates() throws Exception {
        Authority authority = new Authority("ca");
        Identity server = authority.issue("server");
        SyslogSource source = new SyslogSource(config(
                null,
                ANY_PORT,
                null,
                server.writeCertificate(directory.resolve("server.crt")),
                server.writeKey(directory.resolve("server.key")),
                authority.writeCertificate(directory.resolve("ca.crt"))));
        try (PushFeed feed = PushFeed.run(source)) {
            port(source);
            try (SSLSocket stranger = connectTls(source, authority, null)) {
                assertThatThrownBy(() -> {
                            send(stranger, "<11>app: stranger\n");
                            stranger.getInputStream().read();
                            throw new IOException("closed");
                        })
                        .isInstanceOf(IOException.class);
            }
            try (SSLSocket friend = connectTls(source, authority, authority.issue("client"))) {
                send(friend, "<11>app: friend\n");
                feed.awaitEntries(1);
            }
            assertThat(feed.messages()).containsExactly("friend");
        }
    }

    private SSLSocket connectTls(SyslogSource source, Authority authority, @Nullable Identity client) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trust);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (client != null) {
            own.setKeyEntry("me", client.key(), PASSWORD, new java.security.cert.Certificate[] {client.certificate()});
        }
        keys.init(own, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port(source));
    }

    @Test
    void saysWhichPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            SyslogSource source = new SyslogSource(
                    config(new ListenAddress("127.0.0.1", taken.getLocalPort()), null, null, null, null, null));
            try (PushFeed feed = PushFeed.run(source)) {
                assertThat(feed.awaitFatal())
                        .hasMessage("tcp: 127.0.0.1:" + taken.getLocalPort()
                                + " is in use by another program: stop that, or set tcp to another port");
            }
        }
    }

    @Test
    void saysWhichFileIsMissingOrWrong() throws Exception {
        Path missing = directory.resolve("missing.key");
        Authority authority = new Authority("ca");
        Path certificate = authority.issue("server").writeCertificate(directory.resolve("server.crt"));
        SyslogSource without = new SyslogSource(config(null, ANY_PORT, null, certificate, missing, null));
        try (PushFeed feed = PushFeed.run(without)) {
            assertThat(feed.awaitFatal()).hasMessage("key_file " + missing + " does not exist");
        }
        Path other = authority.issue("other").writeKey(directory.resolve("other.key"));
        SyslogSource mixed = new SyslogSource(config(null, ANY_PORT, null, certificate, other, null));
        try (PushFeed feed = PushFeed.run(mixed)) {
            assertThat(feed.awaitFatal()).hasMessageContaining("does not belong");
        }
    }

    @Test
    void settingsMustFit() {
        List<Runnable> wrong = new ArrayList<>();
        wrong.add(() -> config(null, null, null, null, null, null));
        wrong.add(() -> config(null, ANY_PORT, null, null, null, null));
        wrong.add(() -> config(ANY_PORT, null, null, Path.of("a"), Path.of("b"), null));
        assertThat(wrong).allSatisfy(one -> assertThatThrownBy(one::run).isInstanceOf(IllegalArgumentException.class));
        assertThat(ListenAddress.parse("514")).isEqualTo(new ListenAddress("127.0.0.1", 514));
        assertThat(ListenAddress.parse("[::]:514")).isEqualTo(new ListenAddress("::", 514));
        for (String text : List.of("", "host:", "host:65536", "host:-1", ":514", "::1:514")) {
            assertThatThrownBy(() -> ListenAddress.parse(text)).as(text).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
