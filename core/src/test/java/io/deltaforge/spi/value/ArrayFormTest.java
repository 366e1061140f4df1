package io.deltaforge.spi.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.DataType;
import io.deltaforge.event.DataType.Kind;
import io.deltaforge.spi.JsonText;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Array literals, quoted as PostgreSQL's array_out quotes them, come back as the array that they are. */
class ArrayFormTest {
    private final ValueWriter form =
            PlainForm.of(new DataType(Kind.ARRAY, "text[]", -1, -1, DataType.of(Kind.TEXT, "text"), List.of()));

    @Property
    void readsFlatArrays(@ForAll("elements") List<@Nullable String> elements) {
        assertThat(WrittenText.of(form, literal(elements))).isEqualTo(json(elements));
    }

    @Property
    void readsNestedArrays(@ForAll("rows") List<List<@Nullable String>> rows) {
        String literal = rows.stream()
                .map(ArrayFormTest::literal)
                .collect(Collectors.joining(",", "[-1:%d][3:9]={".formatted(rows.size() - 2), "}"));
        String json = rows.stream().map(ArrayFormTest::json).collect(Collectors.joining(",", "[", "]"));

        assertThat(WrittenText.of(form, literal)).isEqualTo(json);
    }

    @Provide
    Arbitrary<List<@Nullable String>> elements() {
        Arbitrary<String> awkward =
                Arbitraries.strings().withChars("aNUL\"\\{},; \t\n;=>é😀").ofMaxLength(6);
        Arbitrary<String> any =
                Arbitraries.strings().excludeChars('\0').ofMaxLength(20).filter(ArrayFormTest::isText);
        return Arbitraries.oneOf(awkward, any, Arbitraries.of("NULL", "null", "", "{}"))
                .injectNull(0.1)
                .list()
                .ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<List<@Nullable String>>> rows() {
        return elements().list().ofMinSize(1).ofMaxSize(4);
    }

    /** Without halves of surrogate pairs, which UTF-8 cannot hold. */
    private static boolean isText(String text) {
        return new String(text.getBytes(UTF_8), UTF_8).equals(text);
    }

    private static String literal(List<@Nullable String> elements) {
        return elements.stream().map(ArrayFormTest::literal).collect(Collectors.joining(",", "{", "}"));
    }

    private static String literal(@Nullable String element) {
        if (element == null) {
            return "NULL";
        }
        boolean quote = element.isEmpty()
                || element.toUpperCase(Locale.ROOT).equals("NULL")
                || element.chars().anyMatch(c -> "\"\\{}, \t\n\r\u000b\f".indexOf(c) >= 0);
        return quote ? '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : element;
    }

    private static String json(List<@Nullable String> elements) {
        return elements.stream()
                .map(element -> element == null ? "null" : new String(JsonText.quoted(element, ""), UTF_8))
                .collect(Collectors.joining(",", "[", "]"));
    }
}
