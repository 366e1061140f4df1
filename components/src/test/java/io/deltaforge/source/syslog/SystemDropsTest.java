package io.deltaforge.source.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class SystemDropsTest {
    private static final int SENT = 2000;

    @Test
    void whatCameAndWasNotReadIsCounted() throws Exception {
        try (DatagramSocket listening = new DatagramSocket(null);
                DatagramSocket sender = new DatagramSocket()) {
            listening.setReceiveBufferSize(4096);
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listening.setSoTimeout(200);
            SystemDrops drops = new SystemDrops(listening.getLocalPort());
            assertThat(drops.count()).isZero();

            byte[] message = "<13>hello".getBytes(UTF_8);
            for (int i = 0; i < SENT; i++) {
                sender.send(new DatagramPacket(message, message.length, listening.getLocalSocketAddress()));
            }

            assertThat(drops.count()).isPositive().isEqualTo(SENT - read(listening));
        }
    }

    private static int read(DatagramSocket socket) throws Exception {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        int count = 0;
        while (true) {
            try {
                socket.receive(packet);
                count++;
            } catch (SocketTimeoutException e) {
                return count;
            }
        }
    }
}
