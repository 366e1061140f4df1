package io.deltaforge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultProxyTest {
    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        proxy = FaultProxy.to("127.0.0.1", echo.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void bytesPassBothWaysAndAreCounted() throws IOException {
        try (Socket client = connect()) {
            assertThat(echoed(client, new byte[] {1, 2, 3})).containsExactly(1, 2, 3);

            assertThat(proxy.bytesToServer()).isEqualTo(3);
            assertThat(proxy.bytesToClient()).isEqualTo(3);
            assertThat(proxy.openConnections()).isEqualTo(1);
        }
        await().untilAsserted(() -> assertThat(proxy.openConnections()).isZero());
        assertThat(proxy.acceptedConnections()).isEqualTo(1);
    }

    @Test
    void anEndOfStreamPassesWhileTheOtherWayStaysOpen() throws IOException {
        try (Socket client = connect()) {
            client.getOutputStream().write(7);
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).containsExactly(7);
        }
    }

    @Test
    void aCutClosesConnectionsAndRefusesNewOnes() throws IOException {
        try (Socket client = connect()) {
            echoed(client, new byte[] {1});

            proxy.cut();

            assertThat(isEnded(client)).isTrue();
            assertThat(proxy.openConnections()).isZero();
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void restoreTakesConnectionsOnTheSamePort() throws IOException {
        proxy.cut();

        proxy.restore();

        try (Socket client = connect()) {
            assertThat(echoed(client, new byte[] {9})).containsExactly(9);
        }
    }

    @Test
    void aStallHoldsBytesUntilResume() throws IOException {
        try (Socket client = connect()) {
            echoed(client, new byte[] {1});

            proxy.stall();
            client.getOutputStream().write(2);
            client.setSoTimeout(200);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            assertThat(proxy.bytesToServer()).isEqualTo(1);
            assertThat(proxy.openConnections()).isEqualTo(1);

            proxy.resume();
            client.setSoTimeout(10_000);
            assertThat(client.getInputStream().read()).isEqualTo(2);
        }
    }

    @Test
    void oneWayCanBeStalledAlone() throws IOException {
        try (Socket client = connect()) {
            echoed(client, new byte[] {1});
            client.setSoTimeout(200);

            proxy.stallToClient();
            client.getOutputStream().write(2);
            await().until(() -> proxy.bytesToServer() == 2);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            proxy.resume();
            assertThat(client.getInputStream().read()).isEqualTo(2);

            proxy.stallToServer();
            client.getOutputStream().write(3);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            assertThat(proxy.bytesToServer()).isEqualTo(2);
            proxy.resume();
            assertThat(client.getInputStream().read()).isEqualTo(3);
        }
    }

    @Test
    void aFrozenConnectionStaysOpenAndDeadWhileNewOnesWork() throws IOException {
        try (Socket client = connect()) {
            echoed(client, new byte[] {1});

            proxy.freeze();
            client.getOutputStream().write(2);
            client.setSoTimeout(200);

            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            try (Socket next = connect()) {
                assertThat(echoed(next, new byte[] {3})).containsExactly(3);
            }
            assertThat(proxy.openConnections()).isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void whatIsHeldArrivesAfterItsClientHasGone() throws IOException {
        try (Socket client = connect()) {
            echoed(client, new byte[] {1});
            proxy.hold();
            client.getOutputStream().write(2);
            try (Socket next = connect()) {
                assertThat(echoed(next, new byte[] {3})).containsExactly(3);
            }
            assertThat(proxy.bytesToServer()).isEqualTo(2);
        }

        proxy.release();

        await().until(() -> proxy.bytesToServer() == 3);
        await().until(() -> proxy.openConnections() == 0);
    }

    @Test
    void aStalledConnectionCanBeCut() throws IOException {
        try (Socket client = connect()) {
            echoed(client, new byte[] {1});
            proxy.stall();
            client.getOutputStream().write(2);

            proxy.cut();

            assertThat(isEnded(client)).isTrue();
            assertThat(proxy.openConnections()).isZero();
        }
    }

    @Test
    void slownessLimitsTheRateAndLosesNothing() throws IOException {
        byte[] sent = new byte[2_000];
        sent[1_999] = 42;
        try (Socket client = connect()) {
            proxy.slow(4_000);
            long began = System.nanoTime();

            byte[] received = echoed(client, sent);

            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(received).isEqualTo(sent);
            assertThat(took).isGreaterThan(Duration.ofMillis(400));
        }
    }

    @Test
    void aResetIsSeenAsOneAndNewConnectionsAreTaken() throws IOException {
        try (Socket client = connect()) {
            echoed(client, new byte[] {1});

            proxy.reset();

            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        try (Socket client = connect()) {
            assertThat(echoed(client, new byte[] {3})).containsExactly(3);
        }
    }

    @Test
    void aServerThatIsDownLooksDownToTheClient() throws IOException {
        echo.close();

        try (Socket client = connect()) {
            assertThat(isEnded(client)).isTrue();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()), 5_000);
        return socket;
    }

    private static byte[] echoed(Socket client, byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
        return client.getInputStream().readNBytes(bytes.length);
    }

    private static boolean isEnded(Socket client) throws IOException {
        client.setSoTimeout(10_000);
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket client = echo.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // The proxy broke the connection, which is what these tests are about.
        }
    }
}
