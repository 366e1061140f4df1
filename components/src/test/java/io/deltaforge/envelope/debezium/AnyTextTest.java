package io.deltaforge.envelope.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.debezium.DebeziumEnvelope.DebeziumEnvelopeConfig;
import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.DataType.Kind;
import io.deltaforge.event.Op;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Text that is of no form is refused with the one exception that says so, and nothing around it is read. */
class AnyTextTest {
    private static final List<String> SAMPLES = List.of(
            "-12.50",
            "\\xdeadbeef",
            "0101000020E6100000000000000000F03F0000000000000040",
            "($1.234,50)",
            "0044-03-15 BC",
            "24:00:00.123456",
            "23:59:59.5+05:30:01",
            "10000-02-29 12:00:00.5",
            "0044-03-15 12:00:00.5-03:30 BC",
            "-infinity",
            "1 year 2 mons -3 days +04:05:06.7",
            "\"k \\\"\"=>\"v\", \"n\"=>NULL",
            "(1.5,-2)",
            "[2:3][1:1]={{\"a \\\"b\\\"\"},{NULL}}");

    @Property(tries = 20_000)
    void anyTextIsWrittenOrRefused(@ForAll Kind kind, @ForAll("texts") String text) {
        Assume.that(!text.isEmpty()); // a column's text is empty only for TEXT and the like
        writtenOrRefused(type(kind), text);
    }

    @Property(tries = 20_000)
    void soIsAnyElementOfAnArray(@ForAll Kind kind, @ForAll("texts") String text) {
        DataType element = type(kind);
        writtenOrRefused(new DataType(Kind.ARRAY, "", -1, -1, element, List.of()), '{' + text + '}');
    }

    /** Found by the property above on a lucky day; now on every one. */
    @Example
    void anEmptyElementOfANumericArrayIsRefused() {
        writtenOrRefused(new DataType(Kind.ARRAY, "", -1, -1, type(Kind.DECIMAL), List.of()), "{\"\"}");
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> cut = Combinators.combine(
                        Arbitraries.of(SAMPLES),
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers().between(0, 40))
                .as((sample, from, to) -> sample.substring(
                        Math.min(from, sample.length()),
                        Math.max(Math.min(from, sample.length()), Math.min(to, sample.length()))));
        Arbitrary<String> changed = Combinators.combine(
                        Arbitraries.of(SAMPLES),
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.strings().ofMaxLength(2))
                .as((sample, at, other) -> sample.substring(0, Math.min(at, sample.length()))
                        + other
                        + sample.substring(Math.min(at + 1, sample.length())));
        return Arbitraries.oneOf(cut, changed, Arbitraries.strings().ofMaxLength(12));
    }

    private static DataType type(Kind kind) {
        return kind == Kind.ARRAY
                ? new DataType(kind, "", -1, -1, DataType.of(Kind.TEXT, ""), List.of())
                : DataType.of(kind, "");
    }

    private static void writtenOrRefused(DataType type, String text) {
        Table table = new Table("s", "t", List.of(new Column("c", type, false)));
        byte[] utf8 = text.getBytes(UTF_8); // nothing before and nothing after: reading on would fail
        Row row = new Row(utf8, new int[] {0, utf8.length});
        RowChange change = new RowChange(Op.CREATE, table, null, row, Changes.TRANSACTION, 1, 0);
        DebeziumEnvelope envelope = new DebeziumEnvelope(new DebeziumEnvelopeConfig(DecimalHandling.PRECISE));
        try {
            new JsonEncoding().encoder(envelope).value(change);
        } catch (IllegalArgumentException e) {
            // refused
        }
    }
}
