package io.deltaforge.spi.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageFieldTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "tenant|{\"tenant\":\"acme\"}|acme",
                "tenant|  { \"a\" : [1, {\"tenant\":2}, \"]}\"] , \"tenant\" : 17 }|17",
                "tenant|{\"a\":\"\\\\\",\"tenant\":true}|true",
                "tenant|{\"a\":\"x\\\"y\",\"tenant\":null}|null",
                "tenant|{\"tenant\":{\"id\":1}}|{\"id\":1}",
                "tenant.id|{\"tenant\":{\"name\":\"x\",\"id\":\"7\"}}|7",
                "tenant.id|{\"tenant.id\":1,\"tenant\":{\"id\":2}}|1",
                "tenant|{\"tenant\":\"a\\u00e9\\ud83d\\ude00\\n\"}|`aé😀\n`",
                "tenant|{\"tenant\":\"\"}|``",
                "tenant|{\"other\":\"tenant\",\"x\":1}|",
                "tenant|{\"a\":{\"tenant\":1}}|",
                "tenant|{\"a\":\"unclosed, \"tenant\":1|",
                "tenant|{\"a\" 1,\"tenant\":1}|",
                "tenant|{|",
                "tenant|[{\"tenant\":1}]|",
                "tenant|ts=1 tenant=acme level=info|acme",
                "tenant|msg=\"a tenant=no\" tenant=\"a \\\"b\\\" c\"|a \"b\" c",
                "tenant|GET /x?a=1 tenant=|``",
                "tenant|`ts=1\ttenant=acme\tlevel=info`|acme",
                "tenant|`ts=1 tenant=acme\n\tat shop.Cart`|acme",
                "tenant|`it broke\ntenant=acme`|acme",
                "größe|{\"gr\\u00f6\\u00dfe\":7}|7",
                "k8s.io/tenant|{\"k8s.io\\/team\":1,\"k8s.io\\/tenant\":\"acme\"}|acme",
                "tenant|{\"\\tenant\":1,\"tenant\\\\\":2}|",
                "tenant|nothing of the kind|",
                "tenant|tenants=1|",
            })
    void aFieldIsFoundByItsName(String name, String line, String value) {
        assertThat(new MessageField(name).text(Lines.of(line))).isEqualTo(value);
    }

    @Test
    void whatTheSourceToldIsAFieldToo() {
        assertThat(new MessageField("appname").text(Lines.of("hello", null, Map.of("appname", "su"))))
                .isEqualTo("su");
    }

    @Property
    void noTextMakesItReadBeyondTheMessage(@ForAll @StringLength(max = 60) String noise) {
        for (String line : new String[] {noise, "{" + noise, "{\"a\":" + noise, "a=" + noise, "{\"a\":\"" + noise}) {
            MessageField field = new MessageField("level");
            if (!noise.contains("level")) {
                assertThat(field.text(Lines.of(line))).isNull();
            }
        }
    }
}
