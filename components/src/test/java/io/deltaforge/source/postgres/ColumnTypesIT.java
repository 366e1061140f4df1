package io.deltaforge.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.RowChange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which type a column of the real server gets, and in which text form its values come. */
class ColumnTypesIT {

    /** One column a line: its SQL type, a value, the type as {@link #shown} prints it, the text that arrives. */
    private static final String TYPES = """
            boolean                       | true                          | BOOLEAN boolean                            | t
            smallint                      | -32768                        | INT16 smallint                             | -32768
            integer                       | 2147483647                    | INT32 integer                              | 2147483647
            bigint                        | -9223372036854775808          | INT64 bigint                               | -9223372036854775808
            oid                           | 4294967295                    | OID oid                                    | 4294967295
            real                          | 0.1                           | FLOAT32 real                               | 0.1
            double precision              | 1e-300                        | FLOAT64 double precision                   | 1e-300
            double precision              | '-Infinity'                   | FLOAT64 double precision                   | -Infinity
            numeric                       | 12345678901234567890.000      | DECIMAL numeric                            | 12345678901234567890.000
            numeric(10,2)                 | 'NaN'                         | DECIMAL numeric 10 2                       | NaN
            numeric(5,-2)                 | 12345                         | DECIMAL numeric 5 -2                       | 12300
            numeric(3,5)                  | 0.00123                       | DECIMAL numeric 3 5                        | 0.00123
            numeric                       | 'Infinity'                    | DECIMAL numeric                            | Infinity
            money                         | 1234.5                        | MONEY money                                | $1,234.50
            text                          | 'a "b" c'                     | TEXT text                                  | a "b" c
            varchar(10)                   | 'abc'                         | TEXT character varying                     | abc
            char(5)                       | 'abc'                         | TEXT character                             | abc{SP}{SP}
            "char"                        | 'x'                           | TEXT "char"                                | x
            name                          | 'n'                           | TEXT name                                  | n
            uuid                          | 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' | UUID uuid                         | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
            json                          | '{"a":  1}'                   | JSON json                                  | {"a":  1}
            jsonb                         | '{"a":  1}'                   | JSON jsonb                                 | {"a": 1}
            xml                           | '<a>b</a>'                    | XML xml                                    | <a>b</a>
            bytea                         | '\\x00FF'                     | BYTES bytea                                | \\x00ff
            date                          | '0044-03-15 BC'               | DATE date                                  | 0044-03-15 BC
            date                          | 'infinity'                    | DATE date                                  | infinity
            time                          | '24:00'                       | TIME time without time zone                | 24:00:00
            time(3)                       | '23:59:59.1234'               | TIME time without time zone 3              | 23:59:59.123
            timetz                        | '23:59:59.5+02'               | TIME_TZ time with time zone                | 23:59:59.5+02
            timestamp                     | '2024-02-29 12:00:00.5'       | TIMESTAMP timestamp without time zone      | 2024-02-29 12:00:00.5
            timestamp(0)                  | '4713-01-01 12:00 BC'         | TIMESTAMP timestamp without time zone 0    | 4713-01-01 12:00:00 BC
            timestamptz                   | '2024-02-29 12:00+02'         | TIMESTAMP_TZ timestamp with time zone      | 2024-02-29 10:00:00+00
            timestamptz(2)                | '-infinity'                   | TIMESTAMP_TZ timestamp with time zone 2    | -infinity
            interval                      | '1 year 2 mons -3 days 04:05:06.7' | INTERVAL interval                     | 1 year 2 mons -3 days +04:05:06.7
            interval(3)                   | '1 sec'                       | INTERVAL interval 3                        | 00:00:01
            interval day to second(2)     | '1 day'                       | INTERVAL interval 2                        | 1 day
            interval year                 | '1 year'                      | INTERVAL interval                          | 1 year
            bit                           | B'1'                          | BITS bit 1                                 | 1
            bit(3)                        | B'101'                        | BITS bit 3                                 | 101
            varbit(5)                     | B'11'                         | BITS bit varying 5                         | 11
            varbit                        | B'1'                          | BITS bit varying                           | 1
            inet                          | '10.0.0.1/8'                  | OTHER inet                                 | 10.0.0.1/8
            cidr                          | '10.0.0.0/8'                  | OTHER cidr                                 | 10.0.0.0/8
            macaddr                       | '08:00:2b:01:02:03'           | OTHER macaddr                              | 08:00:2b:01:02:03
            macaddr8                      | '08:00:2b:01:02:03:04:05'     | OTHER macaddr8                             | 08:00:2b:01:02:03:04:05
            point                         | '(1,2.5)'                     | POINT point                                | (1,2.5)
            box                           | '(1,1),(0,0)'                 | OTHER box                                  | (1,1),(0,0)
            box[]                         | '{(1,1),(0,0);(2,2),(1,1)}'   | OTHER box[]                                | {(1,1),(0,0);(2,2),(1,1)}
            circle                        | '<(0,0),1>'                   | OTHER circle                               | <(0,0),1>
            tsvector                      | 'b a'                         | OTHER tsvector                             | 'a' 'b'
            tsquery                       | 'a & b'                       | OTHER tsquery                              | 'a' & 'b'
            int4range                     | '[1,5)'                       | OTHER int4range                            | [1,5)
            tstzrange                     | '[2024-01-01 00:00+00,)'      | OTHER tstzrange                            | ["2024-01-01 00:00:00+00",)
            int4multirange                | '{[1,5)}'                     | OTHER int4multirange                       | {[1,5)}
            pg_lsn                        | '0/16B3748'                   | OTHER pg_lsn                               | 0/16B3748
            regclass                      | 'public.wide'                 | OTHER regclass                             | public.wide
            int2vector                    | '1 2'                         | OTHER int2vector                           | 1 2
            xid8                          | '7'                           | OTHER xid8                                 | 7
            jsonpath                      | '$.a'                         | OTHER jsonpath                             | $."a"
            integer[]                     | '{1,NULL,3}'                  | ARRAY integer[] of INT32 integer           | {1,NULL,3}
            integer[][]                   | '{{1,2},{3,4}}'               | ARRAY integer[] of INT32 integer           | {{1,2},{3,4}}
            text[]                        | '{a,"b c"}'                   | ARRAY text[] of TEXT text                  | {a,"b c"}
            numeric(6,1)[]                | '{1.25}'                      | ARRAY numeric[] of DECIMAL numeric 6 1     | {1.3}
            timestamp(3)[]                | '{2024-01-01}'                | ARRAY timestamp without time zone[] of TIMESTAMP timestamp without time zone 3 | {"2024-01-01 00:00:00"}
            jsonb[]                       | '{"{}"}'                      | ARRAY jsonb[] of JSON jsonb                | {"{}"}
            uuid[]                        | '{}'                          | ARRAY uuid[] of UUID uuid                  | {}
            int4range[]                   | '{"[1,2)"}'                   | ARRAY int4range[] of OTHER int4range       | {"[1,2)"}
            public.mood                   | 'so so'                       | ENUM public.mood [sad, so so, happy]       | so so
            public.mood[]                 | '{"so so"}'                   | ARRAY public.mood[] of ENUM public.mood [sad, so so, happy] | {"so so"}
            public.cents                  | 1.5                           | DECIMAL public.cents 8 2                   | 1.50
            public.price                  | 1.5                           | DECIMAL public.price 8 2                   | 1.50
            public.price[]                | '{1.5}'                       | ARRAY public.price[] of DECIMAL public.price 8 2 | {1.50}
            public.moods                  | '{sad}'                       | ARRAY public.moods of ENUM public.mood [sad, so so, happy] | {sad}
            public.pair                   | '(1,"a b")'                   | OTHER public.pair                          | (1,"a b")
            public.pair[]                 | '{"(1,x)"}'                   | ARRAY public.pair[] of OTHER public.pair   | {"(1,x)"}
            public.floatrange             | '[1.5,2)'                     | OTHER public.floatrange                    | [1.5,2)
            public.hstore                 | 'a=>1, b=>NULL'               | HSTORE public.hstore                       | "a"=>"1", "b"=>NULL
            public.citext                 | 'MiXed'                       | TEXT public.citext                         | MiXed
            public.geometry               | '0101'                        | GEOMETRY public.geometry                   | 0101
            """;

    private record Case(String sqlType, String value, String type, String text) {}

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String line : TYPES.split("\n")) {
            String[] parts = line.split(" *\\| ", 4);
            cases.add(new Case(
                    parts[0].strip(),
                    parts[1].strip(),
                    parts[2].strip(),
                    parts[3].strip().replace("{SP}", " ")));
        }
        return cases;
    }

    @Test
    void everyTypeIsKnownAndComesInItsDocumentedForm() throws Exception {
        List<Case> cases = cases();
        StringBuilder columns = new StringBuilder();
        for (int i = 0; i < cases.size(); i++) {
            columns.append(", c").append(i).append(' ').append(cases.get(i).sqlType());
        }
        try (TestDatabase database = new TestDatabase(
                        "SET lc_monetary = 'C'",
                        "CREATE EXTENSION hstore SCHEMA public",
                        "CREATE EXTENSION citext SCHEMA public",
                        "CREATE TYPE public.mood AS ENUM ('sad', 'happy')",
                        "ALTER TYPE public.mood ADD VALUE 'so so' BEFORE 'happy'",
                        "CREATE DOMAIN public.cents AS numeric(8,2)",
                        "CREATE DOMAIN public.price AS public.cents CHECK (VALUE >= 0)",
                        "CREATE DOMAIN public.moods AS public.mood[]",
                        "CREATE TYPE public.pair AS (a int, b text)",
                        "CREATE TYPE public.floatrange AS RANGE (subtype = float8)",
                        // PostGIS is not at hand; what counts is the name of the type
                        "CREATE DOMAIN public.geometry_text AS text",
                        "CREATE TYPE public.geometry",
                        "CREATE FUNCTION public.geometry_in(cstring) RETURNS public.geometry LANGUAGE internal STRICT"
                                + " IMMUTABLE AS 'textin'",
                        "CREATE FUNCTION public.geometry_out(public.geometry) RETURNS cstring LANGUAGE internal STRICT"
                                + " IMMUTABLE AS 'textout'",
                        "CREATE TYPE public.geometry (INPUT = public.geometry_in, OUTPUT = public.geometry_out)",
                        "CREATE TABLE public.wide (id int PRIMARY KEY" + columns + ")");
                RunningSource source = database.capture("public.wide")) {
            database.execute("INSERT INTO wide VALUES (1, "
                    + cases.stream().map(Case::value).collect(Collectors.joining(", ")) + ")");

            RowChange change = source.awaitEvents(1).changes().getFirst();

            List<Column> wide = change.table().columns();
            List<String> actual = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < cases.size(); i++) {
                Case one = cases.get(i);
                expected.add(one.sqlType() + " | " + one.type() + " | " + one.text());
                actual.add(one.sqlType() + " | " + shown(wide.get(i + 1).type()) + " | "
                        + change.after().text(i + 1));
            }
            assertThat(actual).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void theListOfBuiltinTypesIsTheServers() throws Exception {
        try (TestDatabase database = new TestDatabase()) {
            List<String> actual = database.server()
                    .queryIn(
                            database.name(),
                            "SELECT oid::bigint || ' ' || format_type(oid, NULL) || ' of ' || coalesce((SELECT"
                                    + " e.oid::bigint FROM pg_type e WHERE e.typarray = t.oid), 0) FROM pg_type t WHERE"
                                    + " oid = ANY (ARRAY" + BuiltinTypes.oids() + "::oid[]) ORDER BY oid",
                            row -> row.getString(1));

            assertThat(actual)
                    .containsExactlyElementsOf(BuiltinTypes.oids().stream()
                            .map(oid ->
                                    oid + " " + BuiltinTypes.of(oid, -1).name() + " of " + BuiltinTypes.elementOid(oid))
                            .toList());
        }
    }

    @Test
    void labelsThatAreAddedAreKnownAfterTheNextChangeOfTheTable() throws Exception {
        try (TestDatabase database = new TestDatabase(
                        "CREATE TYPE mood AS ENUM ('sad')", "CREATE TABLE people (id int PRIMARY KEY, mood mood)");
                RunningSource source = database.capture("public.people")) {
            database.execute(
                    "INSERT INTO people VALUES (1, 'sad')",
                    "ALTER TYPE mood ADD VALUE 'happy'",
                    "ALTER TABLE people ADD COLUMN n int",
                    "INSERT INTO people VALUES (2, 'happy', 3)");

            List<RowChange> changes = source.awaitEvents(2).changes();

            assertThat(changes.get(1).table().columns().get(1).type().labels()).containsExactly("sad", "happy");
        }
    }

    @Test
    void aTypeThatIsGoneBeforeItsRowsAreReadIsPassedOnAsText() throws Exception {
        try (TestDatabase database = new TestDatabase(
                "CREATE TYPE mood AS ENUM ('sad')", "CREATE TABLE people (id int PRIMARY KEY, mood mood)")) {
            database.capture("public.people").close();
            database.execute(
                    "INSERT INTO people VALUES (1, 'sad')",
                    "ALTER TABLE people ALTER mood TYPE text",
                    "DROP TYPE mood");
            PgPosition start = database.confirmed();
            RecordingFeed feed = new RecordingFeed().from(start);
            try (RunningSource source = new RunningSource(database.config("public.people"), feed)) {
                RowChange change = source.awaitEvents(1).changes().getFirst();

                assertThat(Shown.event(change)).isEqualTo("c people -> (1, sad)");
                assertThat(change.table().columns().get(1).type().kind()).isEqualTo(DataType.Kind.OTHER);
            }
        }
    }

    @Test
    void textFormsDoNotDependOnTheSettingsOfTheDatabase() throws Exception {
        try (TestDatabase database = new TestDatabase(
                "CREATE TABLE t (id int PRIMARY KEY, a timestamptz, b interval, c bytea, d float8, e date)")) {
            database.execute(
                    "ALTER DATABASE " + database.name() + " SET TimeZone = 'Asia/Kolkata'",
                    "ALTER DATABASE " + database.name() + " SET IntervalStyle = 'iso_8601'",
                    "ALTER DATABASE " + database.name() + " SET bytea_output = 'escape'",
                    "ALTER DATABASE " + database.name() + " SET extra_float_digits = -5",
                    "ALTER DATABASE " + database.name() + " SET DateStyle = 'German'");
            try (RunningSource source = database.capture("public.t")) {
                database.execute("SET TimeZone = 'UTC'; INSERT INTO t VALUES (1, '2024-01-31T12:00Z', '1 day 2 hours',"
                        + " '\\x41', 0.1::float8 + 0.2, '2024-01-31')");

                assertThat(Shown.all(source.awaitEvents(1).events()))
                        .containsExactly(
                                "c t -> (1, 2024-01-31 12:00:00+00, 1 day 02:00:00, \\x41, 0.30000000000000004, 2024-01-31)");
            }
        }
    }

    private static String shown(DataType type) {
        DataType element = type.element();
        return type.kind() + " " + type.name()
                + (type.precision() < 0 ? "" : " " + type.precision())
                + (type.kind() == DataType.Kind.DECIMAL && type.precision() >= 0 ? " " + type.scale() : "")
                + (type.labels().isEmpty() ? "" : " " + type.labels())
                + (element == null ? "" : " of " + shown(element));
    }
}
