package io.deltaforge.source.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.cloudevents.CloudEventsEnvelope;
import io.deltaforge.envelope.cloudevents.CloudEventsEnvelope.CloudEventsEnvelopeConfig;
import io.deltaforge.envelope.debezium.DebeziumEnvelope;
import io.deltaforge.envelope.debezium.DebeziumEnvelope.DebeziumEnvelopeConfig;
import io.deltaforge.envelope.debezium.DecimalHandling;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.event.RowChange;
import io.deltaforge.source.postgres.TypeCases.Case;
import io.deltaforge.source.postgres.TypeCases.Form;
import io.deltaforge.spi.Encoding.Encoder;
import io.deltaforge.spi.Envelope;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The values of {@code postgres-types/*.sql}, written by a real server and read from its log. */
class PostgresTypesIT {
    /** Types that no user's table holds: the planner's and the statistics' own. */
    private static final List<String> INTERNAL = List.of(
            "pg_brin_bloom_summary",
            "pg_brin_minmax_multi_summary",
            "pg_dependencies",
            "pg_mcv_list",
            "pg_ndistinct",
            "pg_node_tree",
            "gtsvector");

    static List<String> files() {
        return TypeCases.FILES;
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyValueArrivesAsThePageSays(String file) throws Exception {
        TypeCases cases = TypeCases.read(file);
        try (TestDatabase database = new TestDatabase(cases.setup().toArray(String[]::new));
                RunningSource source = database.capture("public.*")) {
            for (Case each : cases.cases()) {
                database.execute(each.insert());
            }

            List<RowChange> changes = source.awaitEvents(cases.cases().size()).changes();

            SoftAssertions softly = new SoftAssertions();
            for (int i = 0; i < changes.size(); i++) {
                Case expected = cases.cases().get(i);
                Map<Form, String> written = written(changes.get(i), expected);
                softly.assertThat(written)
                        .as("%s: %s", expected.type(), expected.literal())
                        .isEqualTo(expected.json());
                softly.assertThat(value(cloudEvents(), changes.get(i)))
                        .as("cloudevents has the plain form, as native")
                        .isEqualTo(value(new NativeEnvelope(), changes.get(i)));
            }
            softly.assertAll();
        }
    }

    @Test
    void everyTypeOfTheServerIsOnThePage() throws Exception {
        String[] setup = TypeCases.FILES.stream()
                .flatMap(file -> TypeCases.read(file).setup().stream())
                .toArray(String[]::new);
        try (TestDatabase database = new TestDatabase(setup)) {
            List<String> missing = database.server().queryIn(database.name(), """
                    SELECT format_type(t.oid, NULL) FROM pg_type t
                    WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r', 'm')
                      AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
                      AND NOT EXISTS (
                        SELECT FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND a.atttypid = t.oid)""", row -> row.getString(1));

            assertThat(new TreeSet<>(missing)).containsExactlyElementsOf(new TreeSet<>(INTERNAL));
        }
    }

    /** The value in all forms that the case names, and in both that it must name. */
    private static Map<Form, String> written(RowChange change, Case expected) {
        Map<Form, String> written = new EnumMap<>(Form.class);
        Stream.of(Form.values())
                .filter(form -> form == Form.NATIVE
                        || form == Form.DEBEZIUM
                        || expected.json().containsKey(form))
                .forEach(form -> written.put(form, value(envelope(form), change)));
        return written;
    }

    private static Envelope envelope(Form form) {
        return switch (form) {
            case NATIVE -> new NativeEnvelope();
            case DEBEZIUM -> debezium(DecimalHandling.PRECISE);
            case DEBEZIUM_STRING -> debezium(DecimalHandling.STRING);
            case DEBEZIUM_DOUBLE -> debezium(DecimalHandling.DOUBLE);
        };
    }

    private static Envelope debezium(DecimalHandling decimal) {
        return new DebeziumEnvelope(new DebeziumEnvelopeConfig(decimal));
    }

    private static Envelope cloudEvents() {
        return new CloudEventsEnvelope(new CloudEventsEnvelopeConfig("test"));
    }

    /** What stands under {@code after} for the one column. */
    private static String value(Envelope envelope, RowChange change) {
        Encoder encoder = new JsonEncoding().encoder(envelope);
        String json;
        try {
            json = new String(encoder.value(change), UTF_8);
        } catch (IllegalArgumentException e) {
            return TypeCases.REFUSED;
        }
        String before = "\"after\":{\"v\":";
        int from = json.indexOf(before) + before.length();
        int to = json.indexOf(envelope instanceof CloudEventsEnvelope ? "},\"op\":" : "},\"source\":", from);
        return json.substring(from, to).replace('\n', '⏎');
    }
}
