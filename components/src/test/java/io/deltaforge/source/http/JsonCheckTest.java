package io.deltaforge.source.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deltaforge.spi.JsonCheck;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCheckTest {
    private static final ObjectMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static boolean isJson(String text) {
        byte[] data = text.getBytes(UTF_8);
        JsonCheck check = new JsonCheck(data, data.length);
        try {
            return check.skipSpace(check.value(check.skipSpace(0))) == data.length;
        } catch (JsonCheck.Malformed e) {
            return false;
        }
    }

    private static boolean isJsonToJackson(String text) {
        try {
            return !JACKSON.readTree(text).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Of few characters, so that much of it is nearly JSON. */
    @Property(tries = 20_000)
    void agreesWithAnotherParser(
            @ForAll
                    @StringLength(max = 12)
                    @Chars({'{', '}', '[', ']', '"', ':', ',', '1', '0', '-', '.', 'e', 'a', ' '})
                    String text) {
        assertThat(isJson(text)).as(text).isEqualTo(isJsonToJackson(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":[1,-2.5e+3,true,false,null,\"x\\u00e9\\n\"],\"b\":{}}",
                " [ ] ",
                "\"ü€😀\"",
                "0",
                "-0.0E-1"
            })
    void takesJson(String text) {
        assertThat(isJson(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\"}",
                "{a:1}",
                "01",
                "1.",
                "1e",
                "-",
                "tru",
                "\"\\x\"",
                "\"\\u12g4\"",
                "\"\n\"",
                "'a'"
            })
    void refusesWhatIsNone(String text) {
        assertThat(isJson(text)).isFalse();
    }

    @Test
    void refusesWhatIsNestedTooDeep() {
        assertThat(isJson("[".repeat(200) + "]".repeat(200))).isTrue();
        assertThat(isJson("[".repeat(100_000))).isFalse();
    }

    @Test
    void saysInWhichLine() {
        byte[] body = "{\"a\":1}\n\n{\"a\":}\n".getBytes(UTF_8);
        for (BodyForm form : List.of(BodyForm.NDJSON, BodyForm.JSON)) {
            assertThatThrownBy(() -> form.entries(body, body.length, (start, end) -> {}))
                    .isInstanceOf(Refusal.class)
                    .hasMessageStartingWith("line 3 is not JSON");
        }
    }
}
