package io.deltaforge.encoding.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deltaforge.spi.FieldName;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Jackson reads back what {@link JsonWriter} wrote. */
class JsonWriterTest {
    private static final JsonNodeFactory NODES = new JsonNodeFactory(true);
    private static final ObjectMapper JACKSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .nodeFactory(NODES)
            .build();

    private final JsonWriter json = new JsonWriter();

    @Property
    void anyTextComesBack(@ForAll("texts") String text) {
        json.clear();
        json.text(text);

        assertThat(read().textValue()).isEqualTo(text);
    }

    /** The eight bytes that are looked at together begin anywhere, and so does what needs an escape. */
    @Property
    void textInTheMidstOfABufferComesBack(
            @ForAll("texts") String text,
            @ForAll @IntRange(max = 20) int before,
            @ForAll @IntRange(max = 20) int after) {
        byte[] utf8 = text.getBytes(UTF_8);
        byte[] buffer = new byte[before + utf8.length + after];
        Arrays.fill(buffer, (byte) '"');
        System.arraycopy(utf8, 0, buffer, before, utf8.length);

        json.clear();
        json.text(buffer, before, before + utf8.length);

        assertThat(read().textValue()).isEqualTo(text);
    }

    @Example
    void everyCharacterOfAsciiIsEscapedAsRfc8259Says() {
        String text = "\u0000\u0001\b\t\n\u000b\f\r\u001f !\"/\\\u007f\u0080\u2028";

        json.clear();
        json.text(text);

        assertThat(written()).isEqualTo("\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f !\\\"/\\\\\u007f\u0080\u2028\"");
    }

    /** Each position of each byte, next to others that set their high bits or borrow from their neighbours. */
    @Example
    void anEscapeIsSeenWhereverItStandsInAWord() throws IOException {
        for (String filler : List.of("a", "\u00e9", "\u0080", "\u007f", "#", "[")) {
            for (char escaped : new char[] {0, 0x1f, '"', '\\'}) {
                for (int at = 0; at < 24; at++) {
                    String text = filler.repeat(at) + escaped + filler.repeat(24 - at);

                    json.clear();
                    json.text(text);

                    assertThat(read().textValue()).isEqualTo(text);
                }
            }
        }
    }

    @Example
    void textThatIsAllEscapesAndLargerThanTheBufferComesBack() {
        String text = "\u0001".repeat(100_000) + "\"".repeat(100_000) + "plain".repeat(100_000);

        json.clear();
        json.text(text);

        assertThat(read().textValue()).isEqualTo(text);
    }

    @Example
    void aLargeDocumentDoesNotSpoilTheNext() {
        json.clear();
        json.text("x".repeat(3_000_000));
        assertThat(read().textValue()).hasSize(3_000_000);

        json.clear();
        json.number(1);

        assertThat(written()).isEqualTo("1");
    }

    @Property
    void anyBytesComeBackAsBase64(@ForAll byte[] content, @ForAll @IntRange(max = 5) int before) throws IOException {
        byte[] buffer = new byte[before + content.length + 3];
        System.arraycopy(content, 0, buffer, before, content.length);

        json.clear();
        json.bytes(buffer, before, before + content.length);

        assertThat(read().binaryValue()).isEqualTo(content);
    }

    @Property
    void anyWholeNumberComesBack(@ForAll long number) {
        json.clear();
        json.number(number);

        assertThat(written()).isEqualTo(Long.toString(number));
    }

    @Property
    void aNumberKeepsItsDigits(@ForAll("decimals") String digits) {
        byte[] ascii = ("?" + digits + "?").getBytes(UTF_8);

        json.clear();
        json.number(ascii, 1, ascii.length - 1);

        assertThat(written()).isEqualTo(digits);
        assertThat(read().decimalValue().toPlainString()).isEqualTo(digits);
    }

    @Property
    void aFieldNameIsEscaped(@ForAll("texts") String name) {
        json.clear();
        json.beginObject();
        json.name(new FieldName(name));
        json.nul();
        json.endObject();

        assertThat(read().properties()).extracting(Map.Entry::getKey).containsExactly(name);
    }

    @Property(tries = 300)
    void anyDocumentComesBack(@ForAll("documents") JsonNode document) {
        json.clear();
        write(document);

        assertThat(read()).isEqualTo(document);
    }

    @Example
    void emptyObjectsAndArraysAndCommasAreInTheirPlaces() {
        json.clear();
        json.beginArray();
        json.beginObject();
        json.endObject();
        json.beginArray();
        json.endArray();
        json.bool(true);
        json.bool(false);
        json.nul();
        json.plainText("xay".getBytes(UTF_8), 1, 2);
        json.json("{\"in\":[1]}".getBytes(UTF_8), 0, 10);
        json.endArray();

        assertThat(written()).isEqualTo("[{},[],true,false,null,\"a\",{\"in\":[1]}]");
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> ofRisky = Arbitraries.strings()
                .withChars('"', '\\', '\n', '\u0000', '\u001f', '\u007f', 'é', '\u2028', 'a', ' ')
                .ofMaxLength(40);
        // surrogates that stand alone are no text, and the database holds none
        Arbitrary<String> any =
                Arbitraries.strings().ofMaxLength(60).map(text -> new String(text.getBytes(UTF_8), UTF_8));
        Arbitrary<String> emoji = Arbitraries.of("😀", "a😀\"", "😀".repeat(9));
        return Arbitraries.oneOf(ofRisky, any, emoji);
    }

    @Provide
    Arbitrary<String> decimals() {
        return Arbitraries.bigDecimals().ofScale(9).map(java.math.BigDecimal::toPlainString);
    }

    @Provide
    Arbitrary<JsonNode> documents() {
        return Arbitraries.lazyOf(
                () -> texts().map(NODES::textNode),
                () -> Arbitraries.of(true, false).map(NODES::booleanNode),
                () -> Arbitraries.just(NODES.nullNode()),
                () -> Arbitraries.longs()
                        .filter(number -> number > Integer.MAX_VALUE || number < Integer.MIN_VALUE)
                        .map(NODES::numberNode),
                () -> Arbitraries.integers().map(NODES::numberNode),
                () -> documents().list().ofMaxSize(3).map(JsonWriterTest::array),
                () -> Arbitraries.maps(texts(), documents()).ofMaxSize(3).map(JsonWriterTest::object));
    }

    private static JsonNode array(@Size(max = 3) List<JsonNode> elements) {
        ArrayNode array = NODES.arrayNode();
        elements.forEach(array::add);
        return array;
    }

    private static JsonNode object(Map<String, JsonNode> fields) {
        ObjectNode object = NODES.objectNode();
        fields.forEach(object::set);
        return object;
    }

    private void write(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                json.beginObject();
                node.properties().forEach(field -> {
                    json.name(new FieldName(field.getKey()));
                    write(field.getValue());
                });
                json.endObject();
            }
            case ARRAY -> {
                json.beginArray();
                node.forEach(this::write);
                json.endArray();
            }
            case STRING -> json.text(node.textValue());
            case NUMBER -> json.number(node.longValue());
            case BOOLEAN -> json.bool(node.booleanValue());
            case NULL -> json.nul();
            case BINARY, MISSING, POJO -> throw new AssertionError(node);
        }
    }

    private JsonNode read() {
        try {
            return JACKSON.readTree(written());
        } catch (JsonProcessingException e) {
            throw new AssertionError(written(), e);
        }
    }

    private String written() {
        return new String(json.toBytes(), UTF_8);
    }
}
