package io.deltaforge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {
    @ParameterizedTest
    @CsvSource({"brokers, brokers, 0", "brokres, brokers, 1", "broker, brokers, 1", "'', abc, 3", "kitten, sitting, 3"})
    void countsEdits(String a, String b, int distance) {
        assertThat(EditDistance.between(a, b)).isEqualTo(distance);
        assertThat(EditDistance.between(b, a)).isEqualTo(distance);
    }

    @Test
    void namesTheNearestWordButNoFarOne() {
        List<String> keys = List.of("brokers", "topic", "required", "send_timeout_secs");

        assertThat(EditDistance.nearest("Brokers", keys)).hasValue("brokers");
        assertThat(EditDistance.nearest("send-timeout-secs", keys)).hasValue("send_timeout_secs");
        assertThat(EditDistance.nearest("tenant", keys)).isEmpty();
    }
}
