package io.deltaforge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
    @TempDir
    Path directory;

    @Test
    void pickedPortsAreFreeDifferentAndBelowTheEphemeralOnes() {
        assertThat(Ports.pick(20))
                .doesNotHaveDuplicates()
                .allMatch(Ports::isFree)
                .allMatch(port -> port < 32_768);
    }

    @Test
    void portsAreRememberedWhileTheyAreFree() throws IOException {
        Path file = directory.resolve("ports");
        List<Integer> ports = Ports.remembered(file, 2);

        assertThat(Ports.remembered(file, 2)).isEqualTo(ports);
        try (ServerSocket other = new ServerSocket(ports.getFirst(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(Ports.remembered(file, 2)).doesNotContain(other.getLocalPort());
        }
    }
}
