package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static io.deltaforge.sink.kafka.OrderEvents.batch;
import static io.deltaforge.sink.kafka.Written.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.spi.Failure;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class TopicsTest {

    /** Asking what is wrong with the topic took ten seconds more, and then the record its whole time once again. */
    @Test
    void brokersThatDoNotAnswerAreAFailureWithinTheDeliveryTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            KafkaSink sink = new KafkaSink(SinkConfigs.of(
                    "127.0.0.1:" + silent.getLocalPort(), "orders", Map.of("message.timeout.ms", "1000"), null));
            sink.reset();
            long began = System.nanoTime();

            Failure failure = failure(sink.write(batch(new OrderEvents().insert(ORDERS, 1, "c", "a"))));

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
            assertThat(failure)
                    .asInstanceOf(InstanceOfAssertFactories.type(Failure.Retryable.class))
                    .matches(Failure.Retryable::isTimeout);
            sink.close();
        }
    }
}
