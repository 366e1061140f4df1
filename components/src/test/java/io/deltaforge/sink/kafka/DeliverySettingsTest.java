package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

class DeliverySettingsTest {

    /** What we accept the client accepts, and without idempotence order is kept unless the user says otherwise. */
    @Property(tries = 2000)
    void whatIsAcceptedHereIsAcceptedByTheClient(
            @ForAll("settings") Map<String, String> conf, @ForAll boolean exactlyOnce) {
        ProducerSettings settings;
        try {
            settings = ProducerSettings.of("s", "broker:9092", 60, exactlyOnce, conf);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageStartingWith("client_conf");
            return;
        }

        Map<String, Object> all = new HashMap<>();
        settings.explain().forEach(setting -> all.put(setting.name(), setting.value()));
        if (exactlyOnce) {
            all.putIfAbsent("transactional.id", "t");
        }
        all.put("key.serializer", ByteArraySerializer.class);
        all.put("value.serializer", ByteArraySerializer.class);
        ProducerConfig config = new ProducerConfig(all);
        assertThat(config.getLong("linger.ms") + config.getInt("request.timeout.ms"))
                .isLessThanOrEqualTo((long) config.getInt("delivery.timeout.ms"));
        assertThat(config.getBoolean("enable.idempotence") || !exactlyOnce).isTrue();
        boolean ordered =
                config.getBoolean("enable.idempotence") || config.getInt("max.in.flight.requests.per.connection") == 1;
        assertThat(ordered || settings.warnings().stream().anyMatch(warning -> warning.contains("order per key")))
                .isTrue();
    }

    @Example
    void buffersAreWhatTheHeapHasForThem() {
        assertThat(buffers(64L << 20, Map.of())).containsExactly(32L << 20, 256L << 10);
        assertThat(buffers(26L << 20, Map.of())).containsExactly(26L << 20, 256L << 10);
        assertThat(buffers(1536L << 10, Map.of())).containsExactly(1536L << 10, 128L << 10);
    }

    @Example
    void buffersHoldTheLargestRecord() {
        assertThat(buffers(100_000, Map.of("message.max.bytes", "2000000")).getFirst())
                .isEqualTo(2_000_000L);
    }

    @Example
    void buffersThatAreGivenStayAsTheyAre() {
        Map<String, String> conf = Map.of("queue.buffering.max.kbytes", "8192", "batch.size", "1000000");

        assertThat(buffers(1 << 20, conf)).containsExactly(8L << 20, 1_000_000L);
    }

    /** Of all partitions together, and of one. */
    private static List<Long> buffers(long sendMaxBytes, Map<String, String> conf) {
        ProducerSettings settings = ProducerSettings.of("s", "broker:9092", 60, false, conf);
        Map<String, Object> loaded = new HashMap<>();
        settings.explain().forEach(setting -> loaded.put(setting.name(), setting.value()));
        settings.limitBuffers(loaded, sendMaxBytes);
        return Stream.of("buffer.memory", "batch.size")
                .map(name -> Long.parseLong(loaded.get(name).toString()))
                .toList();
    }

    @Provide
    Arbitrary<Map<String, String>> settings() {
        Arbitrary<String> names = Arbitraries.of(
                "acks",
                "retries",
                "enable.idempotence",
                "max.in.flight",
                "linger.ms",
                "request.timeout.ms",
                "socket.timeout.ms",
                "transactional.id",
                "transaction.timeout.ms",
                "message.timeout.ms",
                "compression.type",
                "compression.level");
        Arbitrary<String> values = Arbitraries.of(
                "0",
                "1",
                "-1",
                "all",
                "true",
                "false",
                "5",
                "6",
                "10",
                "100",
                "5000",
                "29999",
                "60000",
                "200000",
                "lz4",
                "gzip",
                "zstd",
                "snappy",
                "none",
                "2147483647");
        return Arbitraries.maps(names, values).ofMaxSize(6);
    }
}
