package io.deltaforge.spi.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.deltaforge.event.DataType;
import io.deltaforge.event.DataType.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainFormTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        BOOLEAN      | t                                  | true
        BOOLEAN      | f                                  | false
        INT16        | -32768                             | -32768
        INT64        | 9223372036854775807                | 9223372036854775807
        OID          | 4294967295                         | 4294967295
        FLOAT32      | 1e-05                              | 1e-05
        FLOAT64      | NaN                                | "NaN"
        FLOAT64      | -Infinity                          | "-Infinity"
        DECIMAL      | -12.50                             | -12.50
        DECIMAL      | 100000000000000000000000000.000001 | 100000000000000000000000000.000001
        DECIMAL      | Infinity                           | "Infinity"
        MONEY        | -$1,234.50                         | "-$1,234.50"
        TEXT         | a "b" \\ ü                         | "a \\"b\\" \\\\ ü"
        UUID         | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
        JSON         | {"a": [1, null]}                   | {"a": [1, null]}
        BYTES        | \\xdeadBEEF                        | "3q2+7w=="
        BYTES        | \\x                                | ""
        DATE         | 2024-02-29                         | "2024-02-29"
        DATE         | 0044-03-15 BC                      | "-0043-03-15"
        DATE         | 0001-12-31 BC                      | "0000-12-31"
        DATE         | 4714-11-24 BC                      | "-4713-11-24"
        DATE         | 5874897-12-31                      | "+5874897-12-31"
        DATE         | infinity                           | "infinity"
        DATE         | -infinity                          | "-infinity"
        TIME         | 24:00:00                           | "24:00:00"
        TIME         | 01:02:03.000004                    | "01:02:03.000004"
        TIME_TZ      | 23:59:59.5+02                      | "23:59:59.5+02:00"
        TIME_TZ      | 23:59:59-03:30                     | "23:59:59-03:30"
        TIME_TZ      | 00:00:00+00                        | "00:00:00Z"
        TIME_TZ      | 00:00:00+00:00:01                  | "00:00:00+00:00:01"
        TIMESTAMP    | 2024-02-29 12:00:00.5              | "2024-02-29T12:00:00.5"
        TIMESTAMP    | 0044-03-15 12:00:00 BC             | "-0043-03-15T12:00:00"
        TIMESTAMP    | 294276-12-31 23:59:59.999999       | "+294276-12-31T23:59:59.999999"
        TIMESTAMP    | infinity                           | "infinity"
        TIMESTAMP_TZ | 2024-02-29 12:00:00.5+00           | "2024-02-29T12:00:00.5Z"
        TIMESTAMP_TZ | 2024-02-29 12:00:00+02             | "2024-02-29T12:00:00+02:00"
        TIMESTAMP_TZ | 2024-02-29 12:00:00-03:30          | "2024-02-29T12:00:00-03:30"
        TIMESTAMP_TZ | 0044-03-15 12:00:00+00 BC          | "-0043-03-15T12:00:00Z"
        TIMESTAMP_TZ | -infinity                          | "-infinity"
        INTERVAL     | 1 year 2 mons -3 days +04:05:06.7  | "P1Y2M-3DT4H5M6.7S"
        INTERVAL     | -00:00:00.5                        | "PT-0.5S"
        INTERVAL     | -04:05:06.000007                   | "PT-4H-5M-6.000007S"
        INTERVAL     | 1 mon                              | "P1M"
        INTERVAL     | -178000000 years                   | "P-178000000Y"
        INTERVAL     | 2562047788:00:54.775807            | "PT2562047788H54.775807S"
        INTERVAL     | 00:00:00                           | "PT0S"
        INTERVAL     | -infinity                          | "-infinity"
        BITS         | 0101                               | "0101"
        HSTORE       | "a"=>"1", "b \\"\\\\"=>NULL        | {"a":"1","b \\"\\\\":null}
        POINT        | (1.5,-2)                           | {"x":1.5,"y":-2}
        POINT        | (NaN,Infinity)                     | {"x":"NaN","y":"Infinity"}
        GEOMETRY     | 0101000000000000000000F03F         | "0101000000000000000000F03F"
        OTHER        | [1,5)                              | "[1,5)"
        """)
    void writesEachKind(Kind kind, String text, String json) {
        assertThat(WrittenText.of(PlainForm.of(DataType.of(kind, "")), text)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        TEXT    | text    | {}                               | []
        TEXT    | text    | {a,NULL,"NULL","",null}          | ["a",null,"NULL","","null"]
        TEXT    | text    | {"a \\"b\\" \\\\","{c,d}","ü"}   | ["a \\"b\\" \\\\","{c,d}","ü"]
        INT32   | integer | {{1,2},{NULL,4}}                 | [[1,2],[null,4]]
        INT32   | integer | [2:3][-1:0]={{1,2},{3,4}}        | [[1,2],[3,4]]
        BOOLEAN | boolean | {t,f}                            | [true,false]
        JSON    | jsonb   | {"{\\"a\\": 1}"}                 | [{"a": 1}]
        BYTES   | bytea   | {"\\\\xdead","\\\\x"}            | ["3q0=",""]
        TIMESTAMP | timestamp without time zone | {"2024-02-29 12:00:00",infinity} | ["2024-02-29T12:00:00","infinity"]
        POINT   | point   | {"(1,2)"}                        | [{"x":1,"y":2}]
        """)
    void writesArraysOfEachKind(Kind kind, String name, String text, String json) {
        DataType array = arrayOf(DataType.of(kind, name));

        assertThat(WrittenText.of(PlainForm.of(array), text)).isEqualTo(json);
    }

    @Test
    void writesArraysOfDomainsOverArrays() {
        DataType array = arrayOf(arrayOf(DataType.of(Kind.TEXT, "text")));

        assertThat(WrittenText.of(PlainForm.of(array), """
                {"{a,\\"b c\\"}","{NULL}"}""")).isEqualTo("""
                [["a","b c"],[null]]""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        BYTES     | deadbeef
        BYTES     | \\xabc
        BYTES     | \\xzz
        TIMESTAMP | 2024
        INTERVAL  | P1Y
        INTERVAL  | 1 year 2
        POINT     | 1,2
        HSTORE    | "a"=>1
        HSTORE    | "a
        """)
    void refusesOtherForms(Kind kind, String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WrittenText.of(PlainForm.of(DataType.of(kind, "")), text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1 2 3
        {a
        {"a
        {"a\\
        {{a}
        {a}}
        [1:2
        """)
    void refusesBrokenArrays(String text) {
        DataType array = arrayOf(DataType.of(Kind.TEXT, "text"));

        assertThatIllegalArgumentException().isThrownBy(() -> WrittenText.of(PlainForm.of(array), text));
    }

    private static DataType arrayOf(DataType element) {
        return new DataType(Kind.ARRAY, element.name() + "[]", -1, -1, element, List.of());
    }
}
