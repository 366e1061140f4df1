package io.deltaforge.spi.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({"5514, 127.0.0.1:5514", "0.0.0.0:514, 0.0.0.0:514", "[::1]:514, [::1]:514", "localhost:0, localhost:0"})
    void readsAPortOrHostAndPort(String text, String shown) {
        assertThat(ListenAddress.parse(text)).hasToString(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "http://0.0.0.0:8088, is a URL: write a port",
        "0.0.0.0, is no address: write a port",
        "::1:514, is no address: an IPv6 host stands in brackets",
        "host:99999, is no address: write a port",
    })
    void saysWhatToWriteInstead(String text, String problem) {
        assertThatThrownBy(() -> ListenAddress.parse(text)).hasMessageContaining("\"" + text + "\" " + problem);
    }
}
