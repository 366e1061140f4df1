package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.spi.Failure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {

    @Test
    void anInterruptEndsTheWaitForABrokerThatDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Map<String, Object> settings = KafkaClients.load(
                    ProducerSettings.of("s", "127.0.0.1:" + silent.getLocalPort(), 60, false, Map.of()));
            CompletableFuture<Failure> failed = new CompletableFuture<>();
            Thread checking = Thread.ofPlatform().start(() -> {
                try {
                    KafkaClients.check(settings);
                } catch (Failure failure) {
                    failed.complete(failure);
                }
            });
            try (Socket asked = silent.accept()) {
                assertThat(asked.getInputStream().read()).isNotNegative();

                checking.interrupt();

                assertThat(failed.get(5, TimeUnit.SECONDS)).isInstanceOf(Failure.Retryable.class);
                assertThat(checking.join(Duration.ofSeconds(5))).isTrue();
            }
        }
    }
}
