package io.deltaforge.envelope.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.debezium.DebeziumEnvelope.DebeziumEnvelopeConfig;
import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.DataType.Kind;
import io.deltaforge.event.Op;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebeziumFormTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        BOOLEAN      | -1 | t                                  | true
        INT64        | -1 | 9223372036854775807                | 9223372036854775807
        OID          | -1 | 4294967295                         | 4294967295
        FLOAT64      | -1 | NaN                                | "NaN"
        UUID         | -1 | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
        JSON         | -1 | {"a": 1}                           | "{\\"a\\": 1}"
        BYTES        | -1 | \\xdeadbeef                        | "3q2+7w=="
        DECIMAL      | -1 | 12.50                              | {"scale":1,"value":"fQ=="}
        DECIMAL      | -1 | 100                                | {"scale":0,"value":"ZA=="}
        DECIMAL      | -1 | 0.00                               | {"scale":0,"value":"AA=="}
        DECIMAL      | -1 | -0.001                             | {"scale":3,"value":"/w=="}
        MONEY        | -1 | -$1,234.50                         | "/h3G"
        MONEY        | -1 | ($1.234,50)                        | "/h3G"
        MONEY        | -1 | ¥1,234                             | "AeII"
        MONEY        | -1 | $0.07                              | "Bw=="
        BITS         |  1 | 1                                  | true
        BITS         |  1 | 0                                  | false
        BITS         | 12 | 000100000010                       | "AgE="
        BITS         |  8 | 00000101                           | "BQ=="
        BITS         | 16 | 0000000000000000                   | ""
        DATE         | -1 | 2024-02-29                         | 19782
        DATE         | -1 | 0044-03-15 BC                      | -735160
        DATE         | -1 | 5874897-12-31                      | 2145042905
        DATE         | -1 | infinity                           | 2146033979
        DATE         | -1 | -infinity                          | -2147472691
        TIME         | -1 | 23:59:59.999999                    | 86399999999
        TIME         |  3 | 23:59:59.999                       | 86399999
        TIME         | -1 | 24:00:00                           | 86400000000
        TIME_TZ      | -1 | 23:59:59.5+02                      | "21:59:59.5Z"
        TIME_TZ      | -1 | 00:30:00+05:30                     | "19:00:00Z"
        TIME_TZ      | -1 | 24:00:00+00                        | "24:00:00Z"
        TIME_TZ      | -1 | 24:00:00+02                        | "22:00:00Z"
        TIMESTAMP    | -1 | 2024-02-29 12:00:00.5              | 1709208000500000
        TIMESTAMP    |  3 | 2024-02-29 12:00:00.5              | 1709208000500
        TIMESTAMP    |  0 | 1969-12-31 23:59:59                | -1000
        TIMESTAMP    |  6 | infinity                           | 9223372036825200000
        TIMESTAMP    |  3 | -infinity                          | -9223372036832400
        TIMESTAMP_TZ | -1 | 2024-02-29 12:00:00.5+00           | "2024-02-29T12:00:00.500000Z"
        TIMESTAMP_TZ |  3 | 2024-02-29 00:30:00+02             | "2024-02-28T22:30:00.000Z"
        TIMESTAMP_TZ | -1 | 2024-02-29 12:00:00.123456+00      | "2024-02-29T12:00:00.123456Z"
        TIMESTAMP_TZ |  3 | 2024-02-29 12:00:00+00             | "2024-02-29T12:00:00.000Z"
        TIMESTAMP_TZ |  0 | 2024-02-29 12:00:00+00             | "2024-02-29T12:00:00Z"
        TIMESTAMP_TZ | -1 | 0044-03-15 12:00:00+00 BC          | "-0043-03-15T12:00:00.000000Z"
        TIMESTAMP_TZ | -1 | 294276-12-31 23:59:59.999999+00    | "+294276-12-31T23:59:59.999999Z"
        TIMESTAMP_TZ | -1 | infinity                           | "infinity"
        INTERVAL     | -1 | 1 year 2 mons 3 days 04:05:06      | 37091106000000
        INTERVAL     | -1 | -3 days -00:00:00.000001           | -259200000001
        INTERVAL     | -1 | 178000000 years                    | 9223372036854775807
        INTERVAL     | -1 | -infinity                          | -9223372036854775808
        HSTORE       | -1 | "a"=>"1", "b"=>NULL                | "{\\"a\\":\\"1\\",\\"b\\":null}"
        POINT        | -1 | (1.5,-2)                           | {"x":1.5,"y":-2,"wkb":"AQEAAAAAAAAAAAD4PwAAAAAAAADA","srid":null}
        GEOMETRY     | -1 | 0101000020E6100000000000000000F03F0000000000000040 | {"wkb":"AQEAACDmEAAAAAAAAAAA8D8AAAAAAAAAQA==","srid":4326}
        GEOMETRY     | -1 | 0101000000000000000000F03F0000000000000040 | {"wkb":"AQEAAAAAAAAAAADwPwAAAAAAAABA","srid":null}
        OTHER        | -1 | [1,5)                              | "[1,5)"
        """)
    void writesEachKind(Kind kind, int precision, String text, String json) {
        DataType type = new DataType(kind, "", precision, -1, null, List.of());

        assertThat(written(type, DecimalHandling.PRECISE, text)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({
        "STRING, 12.50, '\"12.50\"'",
        "STRING, NaN, '\"NAN\"'",
        "STRING, Infinity, '\"POSITIVE_INFINITY\"'",
        "STRING, -Infinity, '\"NEGATIVE_INFINITY\"'",
        "DOUBLE, 12.50, 12.50",
        "DOUBLE, NaN, '\"NaN\"'"
    })
    void writesDecimalsAsAsked(DecimalHandling handling, String text, String json) {
        assertThat(written(numeric(10, 2), handling, text)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource({"STRING, '\"-1234.50\"'", "DOUBLE, -1234.50"})
    void writesMoneyAsAsked(DecimalHandling handling, String json) {
        assertThat(written(DataType.of(Kind.MONEY, "money"), handling, "-$1,234.50"))
                .isEqualTo(json);
    }

    @Test
    void refusesWhatHasNoBytesAndSaysWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> written(numeric(10, 2), DecimalHandling.PRECISE, "NaN"))
                .withMessageContaining("set the debezium envelope's decimal to string");
    }

    @Property
    void decimalBytesAreThoseOfBigDecimal(
            @ForAll @Scale(9) @BigRange(min = "-1e45", max = "1e45") BigDecimal any,
            @ForAll @IntRange(max = 9) int scale) {
        BigDecimal decimal = any.setScale(scale, java.math.RoundingMode.DOWN);

        String json = written(numeric(60, scale), DecimalHandling.PRECISE, decimal.toPlainString());

        assertThat(base64(json)).isEqualTo(decimal.unscaledValue().toByteArray());
    }

    @Property
    void smallDecimalsToo(@ForAll long unscaled, @ForAll @IntRange(max = 19) int scale) {
        BigDecimal decimal = BigDecimal.valueOf(unscaled, scale);

        String json = written(numeric(60, scale), DecimalHandling.PRECISE, decimal.toPlainString());

        assertThat(base64(json)).isEqualTo(decimal.unscaledValue().toByteArray());
    }

    @ParameterizedTest
    @CsvSource({"12300, -2, 123", "-4500, -2, -45", "7, 3, 7000", "0, -5, 0"})
    void movesTheDigitsToTheScale(String text, int scale, long unscaled) {
        String json = written(numeric(5, scale), DecimalHandling.PRECISE, text);

        assertThat(base64(json))
                .isEqualTo(BigDecimal.valueOf(unscaled).unscaledValue().toByteArray());
    }

    @Test
    void writesArraysOfElementForms() {
        assertThat(written(arrayOf(numeric(5, 1)), DecimalHandling.PRECISE, "{1.5,NULL}"))
                .isEqualTo("[\"Dw==\",null]");
        assertThat(written(arrayOf(DataType.of(Kind.DATE, "date")), DecimalHandling.PRECISE, "{1970-01-02}"))
                .isEqualTo("[1]");
        assertThat(written(arrayOf(DataType.of(Kind.JSON, "jsonb")), DecimalHandling.PRECISE, "{\"{\\\"a\\\": 1}\"}"))
                .isEqualTo("[\"{\\\"a\\\": 1}\"]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        TEXT   | TEXT  | "__debezium_unavailable_value"
        JSON   | TEXT  | "__debezium_unavailable_value"
        BYTES  | TEXT  | "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ=="
        HSTORE | TEXT  | "{\\"__debezium_unavailable_value\\":\\"__debezium_unavailable_value\\"}"
        ARRAY  | TEXT  | ["__debezium_unavailable_value"]
        ARRAY  | JSON  | ["__debezium_unavailable_value"]
        ARRAY  | BYTES | ["X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ=="]
        ARRAY  | UUID  | ["b68a35a7-17ad-35b3-af2a-ae46edb4545a"]
        ARRAY  | INT32 | [95,95,100,101,98,101,122,105,117,109,95,117,110,97,118,97,105,108,97,98,108,101,95,118,97,108,117,101]
        ARRAY  | BITS  | "__debezium_unavailable_value"
        """)
    void marksUnavailableValues(Kind kind, Kind element, String json) {
        DataType type = kind == Kind.ARRAY ? arrayOf(DataType.of(element, "")) : DataType.of(kind, "");
        Row unavailable = new Row(new byte[0], new int[] {Row.UNAVAILABLE, 0});

        assertThat(written(type, DecimalHandling.PRECISE, unavailable)).isEqualTo(json);
    }

    private static String written(DataType type, DecimalHandling handling, String text) {
        return written(type, handling, Row.ofTexts(text));
    }

    /** What stands under {@code after} for a row of this one column. */
    private static String written(DataType type, DecimalHandling handling, Row row) {
        Table table = new Table("s", "t", List.of(new Column("c", type, false)));
        RowChange change = new RowChange(Op.CREATE, table, null, row, Changes.TRANSACTION, 1, 0);
        DebeziumEnvelope envelope = new DebeziumEnvelope(new DebeziumEnvelopeConfig(handling));
        String json = new String(new JsonEncoding().encoder(envelope).value(change), UTF_8);
        String before = "\"after\":{\"c\":";
        return json.substring(json.indexOf(before) + before.length(), json.indexOf("},\"source\":"));
    }

    private static byte[] base64(String json) {
        return Base64.getDecoder().decode(json.substring(1, json.length() - 1));
    }

    private static DataType numeric(int precision, int scale) {
        return new DataType(Kind.DECIMAL, "numeric", precision, scale, null, List.of());
    }

    private static DataType arrayOf(DataType element) {
        return new DataType(Kind.ARRAY, element.name() + "[]", -1, -1, element, List.of());
    }
}
