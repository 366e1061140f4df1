package io.deltaforge.sink.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSinkConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost",
                "HTTPS://hooks.example.com:8443/a/b?c=${op}",
                "https://[::1]:80/${source.table}/${after.id}",
                "https://hooks.example.com?t=${source.table}"
            })
    void aUrlMayHavePlacesAfterItsHost(String url) {
        assertThatCode(() -> Settings.of(url).config()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ftp://example.com/a | url must begin with http:// or https://, and have no #
            hooks.example.com/a | url must begin with http:// or https://, and have no #
            http://example.com/a#b | url must begin with http:// or https://, and have no #
            http:///a | url must name a host
            http://${after.host}/a | url must name its host: places may stand only after it
            http://example.com.${after.host}/a | url must name its host: places may stand only after it
            http://user:s3cret@example.com/ | url must hold no user or password: put them into headers: {Authorization: …}
            http://example.com/a b | url is no URL: Illegal character in path
            http://example.com:port/a | url must name a host, and may name a port
            http://example.com/a/../b | url must have no . or .. in its path
            http://example.com/%2e%2e/b | url must have no . or .. in its path
            """)
    void anyOtherUrlIsRefused(String url, String message) {
        assertThatThrownBy(() -> Settings.of(url).config())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Host | x | headers: Host is no header that a client may set
            Content-Length | 5 | headers: Content-Length is no header that a client may set
            a b | x | headers: a b is no header that a client may set
            X-Key | 's3cr\u0000et' | headers: the value of X-Key has characters that no header can hold
            Event-Id | x | headers: Event-Id is set by the sink itself
            """)
    void aHeaderThatCannotBeSentIsRefusedWithoutItsValue(String name, String value, String message) {
        assertThatThrownBy(() ->
                        Settings.of("http://localhost").header(name, value).config())
                .hasMessage(message);
    }

    @Test
    void limitsThatCannotWorkAreRefused() {
        Settings settings = Settings.of("http://localhost");

        assertThatThrownBy(() -> settings.inflight(0).config()).hasMessage("max_inflight must be between 1 and 256");
        assertThatThrownBy(() -> settings.timeout(Duration.ZERO).config())
                .hasMessage("timeout must be between 1ms and 1h");
        assertThatThrownBy(() -> HttpSinkConfig.Method.parse("GET")).hasMessage("must be POST or PUT, but is \"GET\"");
        assertThatThrownBy(() -> settings.batch(HttpSinkConfig.BatchFormat.ARRAY, 0, 1 << 20)
                        .config())
                .hasMessage("max_batch_events must be at least 1");
    }

    @Test
    void itsTextHoldsNoSecret() {
        HttpSinkConfig config = Settings.of("http://localhost/services/hidden?key=hidden")
                .header("Authorization", "Bearer s3cret")
                .config();

        assertThat(config.toString()).contains("http://localhost").doesNotContain("hidden", "s3cret");
    }
}
