package io.deltaforge.envelope.cloudevents;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.cloudevents.CloudEventsEnvelope.CloudEventsEnvelopeConfig;
import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.DataType.Kind;
import io.deltaforge.event.Event;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.Position;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Encoding.Encoder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudEventsEnvelopeTest {
    private static final Table TABLE = new Table(
            "public",
            "orders",
            List.of(
                    new Column("id", DataType.of(Kind.INT32, "integer"), true),
                    new Column("at", DataType.of(Kind.TIMESTAMP, "timestamp without time zone"), false),
                    new Column("doc", DataType.of(Kind.JSON, "jsonb"), false)));
    private static final Row ROW = Row.ofTexts("1", "2024-02-29 12:00:00", "{\"a\": 1}");
    private static final Transaction TRANSACTION = new Transaction(
            new SourceInfo("postgresql", "orders db", "shop"),
            769,
            1_745_335_529_692_108L,
            7,
            5,
            new NamedPosition("0/7"));

    private final Encoder encoder =
            new JsonEncoding().encoder(new CloudEventsEnvelope(new CloudEventsEnvelopeConfig("com.example.cdc")));

    @Test
    void writesACloudEvent() {
        assertThat(value(new RowChange(Op.CREATE, TABLE, null, ROW, TRANSACTION, 6, 2)))
                .isEqualTo("""
                {"specversion":"1.0","id":"0/7:2","source":"/deltaforge/postgresql/orders%20db",\
                "type":"com.example.cdc.created","subject":"public.orders","time":"2025-04-22T15:25:29.692108Z",\
                "datacontenttype":"application/json","data":{"before":null,\
                "after":{"id":1,"at":"2024-02-29T12:00:00","doc":{"a": 1}},"op":"c",\
                "source":{"connector":"postgresql","id":"orders db","db":"shop","schema":"public","table":"orders",\
                "tx_id":769,"lsn":6}}}""");
    }

    @ParameterizedTest
    @CsvSource({"CREATE, created", "UPDATE, updated", "DELETE, deleted", "READ, read", "TRUNCATE, truncated"})
    void namesWhatHappened(Op op, String suffix) {
        assertThat(value(new RowChange(op, TABLE, ROW, null, TRANSACTION, 6, 0)))
                .contains("\"type\":\"com.example.cdc." + suffix + "\"");
    }

    @Test
    void leavesOutAndNamesWhatIsUnavailable() {
        Row row = new Row("1".getBytes(UTF_8), new int[] {0, 1, Row.NULL, 0, Row.UNAVAILABLE, 0});

        assertThat(value(new RowChange(Op.UPDATE, TABLE, null, row, TRANSACTION, 6, 0)))
                .contains("\"after\":{\"id\":1,\"at\":null},\"unavailable\":[\"doc\"],\"op\":\"u\"");
    }

    @Test
    void aMessageIsAboutItsPrefix() {
        assertThat(value(new Message(TRANSACTION, 6, 0, true, "audit", "bar".getBytes(UTF_8))))
                .contains("\"type\":\"com.example.cdc.message\",\"subject\":\"audit\"")
                .contains(
                        "\"data\":{\"message\":{\"prefix\":\"audit\",\"transactional\":true,\"content\":\"YmFy\"},\"op\":\"m\"");
    }

    @Test
    void anEmptySubjectIsLeftOut() {
        assertThat(value(new Message(TRANSACTION, 6, 0, true, "", new byte[0]))).doesNotContain("\"subject\"");
    }

    @Test
    void theKeyIsThePrimaryKey() {
        assertThat(encoder.key(new RowChange(Op.CREATE, TABLE, null, ROW, TRANSACTION, 6, 0)))
                .asString(UTF_8)
                .isEqualTo("{\"id\":1}");
    }

    @Test
    void saysWhatItIs() {
        assertThat(encoder.contentType()).isEqualTo("application/cloudevents+json");
    }

    @Test
    void aTypeNeedsAPrefix() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CloudEventsEnvelopeConfig(" "));
    }

    private String value(Event event) {
        return new String(encoder.value(event), UTF_8);
    }

    private record NamedPosition(String text) implements Position {
        @Override
        public boolean covers(Position other) {
            return equals(other);
        }

        @Override
        public Position earliest(Position other) {
            return this;
        }
    }
}
