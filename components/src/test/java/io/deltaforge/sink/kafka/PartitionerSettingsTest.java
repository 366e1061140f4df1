package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.sink.kafka.Partitioning.Strategy;
import io.deltaforge.spi.EffectiveSetting;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionerSettingsTest {
    private static final Partitioning HASH = new Partitioning(true, Strategy.HASH, "tenant_id");
    private static final Partitioning TURNS = new Partitioning(true, Strategy.ROUND_ROBIN, null);

    @Test
    void hashIsJavasOwnPartitioner() {
        assertThat(partitioner(HASH, Map.of())).isEmpty();
        assertThat(partitioner(null, Map.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"murmur2", "murmur2_random"})
    void hashGoesWithLibrdkafkasNamesForMurmur2(String name) {
        assertThat(of(HASH, Map.of("partitioner", name)).explain()).isNotEmpty();
    }

    @Test
    void theOthersArePartitionersOfOurs() {
        assertThat(partitioner(TURNS, Map.of())).contains(RoundRobinPartitioner.class.getName());
        assertThat(partitioner(new Partitioning(true, Strategy.RANDOM, null), Map.of()))
                .contains(LibrdkafkaPartitioners.Random.class.getName());
        assertThat(partitioner(new Partitioning(false, Strategy.RANDOM, null), Map.of()))
                .isEmpty();
    }

    @Test
    void whatContradictsItIsRefused() {
        assertThatThrownBy(() -> of(HASH, Map.of("partitioner", "fnv1a")))
                .hasMessage("client_conf: partitioner does not go with the sink's partitioning.strategy: hash, which is"
                        + " murmur2: keep one");
        assertThatThrownBy(() -> of(HASH, Map.of("partitioner.ignore.keys", "true")))
                .hasMessageContaining("partitioner.ignore.keys does not go with");
        assertThatThrownBy(() -> of(TURNS, Map.of("partitioner", "random")))
                .hasMessage("client_conf: partitioner and the sink's partitioning both choose the partition: keep one");
        assertThatThrownBy(() -> of(TURNS, Map.of("partitioner.class", "com.example.Mine")))
                .hasMessageContaining("partitioner.class and the sink's partitioning");
    }

    @Test
    void hashNeedsAField() {
        assertThatThrownBy(() -> new Partitioning(true, Strategy.HASH, null))
                .hasMessageStartingWith("key_field must name the field");
    }

    private static Optional<String> partitioner(Partitioning partitioning, Map<String, String> conf) {
        return of(partitioning, conf).explain().stream()
                .filter(setting -> setting.name().equals("partitioner.class"))
                .map(EffectiveSetting::value)
                .findFirst();
    }

    private static ProducerSettings of(Partitioning partitioning, Map<String, String> conf) {
        return ProducerSettings.of("s", "broker:9092", 60, false, partitioning, conf);
    }
}
