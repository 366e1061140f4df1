package io.deltaforge.sink.kafka;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokersTest {
    @ParameterizedTest
    @ValueSource(strings = {"kafka:9092", "a:1, b:2,", "[::1]:9092", "SASL_SSL://kafka.example.com:9093"})
    void whatTheClientTakesIsTaken(String brokers) {
        assertThatCode(() -> Brokers.check(brokers)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ' '         | brokers must name at least one host:port
            kafka       | brokers must be host:port, separated by commas, but "kafka" has no port
            a:1,b       | brokers must be host:port, separated by commas, but "b" has no port
            kafka:9092x | brokers must be host:port, separated by commas, but "kafka:9092x" has no port
            kafka:90922 | brokers must have ports from 1 to 65535, but has "kafka:90922"
            kafka:0     | brokers must have ports from 1 to 65535, but has "kafka:0"
            """)
    void whatItWouldRefuseAtTheStartIsRefusedInTheFile(String brokers, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Brokers.check(brokers))
                .withMessage(message);
    }
}
