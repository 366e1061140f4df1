package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CreateTopicsTest {
    @Test
    void numbersThatNoTopicHasAreRefused() {
        assertThatThrownBy(() -> new CreateTopics(0, null, Map.of())).hasMessage("partitions must be at least 1");
        assertThatThrownBy(() -> new CreateTopics(null, 0, Map.of()))
                .hasMessage("replication_factor must be between 1 and 32767");
        assertThatThrownBy(() -> new CreateTopics(null, 32_768, Map.of()))
                .hasMessage("replication_factor must be between 1 and 32767");
    }
}
