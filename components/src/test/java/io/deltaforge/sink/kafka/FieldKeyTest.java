package io.deltaforge.sink.kafka;

import static io.deltaforge.sink.kafka.OrderEvents.ORDERS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.Event;
import io.deltaforge.event.Table;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FieldKeyTest {
    private final OrderEvents rows = new OrderEvents();
    private final LogEvents logs = new LogEvents();

    @Test
    void aColumnsTextIsTheKey() {
        FieldKey key = new FieldKey("customer");

        assertThat(text(key, rows.insert(ORDERS, 1, "ann", "n"))).isEqualTo("ann");
        assertThat(text(key, rows.insert(ORDERS, 1, "", "n"))).isEmpty();
        assertThat(key.missing()).isZero();
    }

    @Test
    void aDeletedRowHasItsOldValue() {
        assertThat(text(new FieldKey("id"), rows.delete(ORDERS, 7))).isEqualTo("7");
    }

    @Test
    void aRowWithoutTheValueIsCounted() {
        FieldKey key = new FieldKey("customer");

        assertThat(text(key, rows.insert(ORDERS, 1, null, "n"))).isNull();
        assertThat(text(key, rows.delete(ORDERS, 7))).isNull();
        assertThat(key.missing()).isEqualTo(2);
    }

    @Test
    void aTableWithoutTheColumnIsCounted() {
        Table other =
                new Table("public", "other", List.of(new Column("id", DataType.of(DataType.Kind.INT32, "int4"), true)));
        FieldKey key = new FieldKey("customer");

        assertThat(text(key, rows.delete(other, 1))).isNull();
        assertThat(text(key, rows.insert(ORDERS, 1, "bob", "n"))).isEqualTo("bob");
        assertThat(key.missing()).isOne();
    }

    @Test
    void aFieldOfALineIsTheKey() {
        FieldKey key = new FieldKey("tenant_id");

        assertThat(text(key, logs.line("{\"msg\":\"x\",\"tenant_id\":\"acme\"}")))
                .isEqualTo("acme");
        assertThat(text(key, logs.line("{\"tenant_id\":17}"))).isEqualTo("17");
        assertThat(text(key, logs.line("level=info tenant_id=umbrella"))).isEqualTo("umbrella");
        assertThat(key.missing()).isZero();
    }

    @Test
    void aLineWithoutTheFieldTakesTheLabel() {
        FieldKey key = new FieldKey("pod");

        assertThat(text(key, logs.line("plain text", null, Map.of("pod", "web-1"))))
                .isEqualTo("web-1");
    }

    @Test
    void aLineWithoutAValueIsCounted() {
        FieldKey key = new FieldKey("tenant_id");

        assertThat(text(key, logs.line("plain text"))).isNull();
        assertThat(text(key, logs.line("{\"tenant_id\":null}"))).isNull();
        assertThat(key.missing()).isEqualTo(2);
    }

    private static String text(FieldKey key, Event event) {
        byte[] bytes = key.of(event);
        return bytes == null ? null : new String(bytes, UTF_8);
    }
}
