package io.deltaforge.envelope.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.debezium.DebeziumEnvelope.DebeziumEnvelopeConfig;
import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.DataType.Kind;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Table;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Encoding.Encoder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DebeziumEnvelopeTest {
    private static final Table TABLE = new Table(
            "public",
            "käufe \"alt\"",
            List.of(
                    new Column("id", DataType.of(Kind.INT32, "integer"), true),
                    new Column("name", DataType.of(Kind.TEXT, "text"), false)));
    private static final Row ROW = Row.ofTexts("1", "Ann");

    private static final String SOURCE = """
            "source":{"version":"development","connector":"postgresql","name":"orders-db","ts_ms":1745335529692,\
            "snapshot":"false","db":"shop","sequence":"[\\"29180000\\",\\"29187900\\"]","ts_us":1745335529692108,\
            "ts_ns":1745335529692108000,"schema":"public","table":"käufe \\"alt\\"","txId":769,"lsn":29187900,\
            "xmin":null}""";
    private static final String WRITTEN_AT =
            "\"ts_ms\":1745335530172,\"ts_us\":1745335530172000,\"ts_ns\":1745335530172000000";

    private final Encoder encoder = new JsonEncoding()
            .encoder(new DebeziumEnvelope(
                    new DebeziumEnvelopeConfig(DecimalHandling.PRECISE),
                    InstantSource.fixed(Instant.ofEpochMilli(1_745_335_530_172L))));

    @Test
    void writesWhatDebeziumWrites() {
        assertThat(value(change(Op.CREATE, null, ROW)))
                .isEqualTo("{\"schema\":null,\"payload\":{\"before\":null,\"after\":{\"id\":1,\"name\":\"Ann\"},"
                        + SOURCE + ",\"transaction\":null,\"op\":\"c\"," + WRITTEN_AT + "}}");
    }

    @Test
    void aDeleteHasWhatTheReplicaIdentityLeftAndNullElsewhere() {
        Row key = new Row("1".getBytes(UTF_8), new int[] {0, 1, Row.ABSENT, 0});

        assertThat(value(change(Op.DELETE, key, null)))
                .startsWith("{\"schema\":null,\"payload\":{\"before\":{\"id\":1,\"name\":null},\"after\":null,")
                .contains("\"op\":\"d\"");
    }

    @Test
    void aSnapshotReadSaysSo() {
        assertThat(value(change(Op.READ, null, ROW)))
                .contains("\"snapshot\":\"true\"")
                .contains("\"op\":\"r\"");
    }

    @Test
    void aTruncateHasNoRows() {
        assertThat(value(change(Op.TRUNCATE, null, null)))
                .contains("\"before\":null,\"after\":null,")
                .contains("\"op\":\"t\"");
    }

    @Test
    void theFirstTransactionKnowsNoneBefore() {
        Transaction known = Changes.TRANSACTION;
        Transaction first =
                new Transaction(known.source(), known.id(), known.commitMicros(), known.lsn(), 0, known.position());

        assertThat(value(new RowChange(Op.CREATE, TABLE, null, ROW, first, 29_187_900, 0)))
                .contains("\"sequence\":\"[null,\\\"29187900\\\"]\"");
    }

    @Test
    void aMessageHasItsPrefixAndContent() {
        Message message = new Message(Changes.TRANSACTION, 29_187_900, 0, false, "foo", "bar".getBytes(UTF_8));

        assertThat(value(message))
                .startsWith("{\"schema\":null,\"payload\":{\"op\":\"m\",\"ts_ms\":1745335530172,\"source\":{")
                .contains("\"schema\":\"\",\"table\":\"\",\"txId\":null,")
                .endsWith("\"transaction\":null,\"message\":{\"prefix\":\"foo\",\"content\":\"YmFy\"}}}");
    }

    @Test
    void theKeyIsAPlainObject() {
        assertThat(encoder.key(change(Op.CREATE, null, ROW))).asString(UTF_8).isEqualTo("{\"id\":1}");
    }

    private String value(io.deltaforge.event.Event event) {
        return new String(encoder.value(event), UTF_8);
    }

    private static RowChange change(Op op, @Nullable Row before, @Nullable Row after) {
        return new RowChange(op, TABLE, before, after, Changes.TRANSACTION, 29_187_900, 0);
    }
}
