package io.deltaforge.spi.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.DataType.Kind;
import io.deltaforge.event.Row;
import io.deltaforge.event.Table;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainRowsTest {
    private static final Table TABLE = new Table(
            "public",
            "t",
            List.of(
                    column(Kind.INT32, true),
                    column(Kind.TEXT, false),
                    column(Kind.BOOLEAN, false),
                    column(Kind.DECIMAL, false),
                    column(Kind.DATE, false),
                    column(Kind.TIME, false),
                    column(Kind.TIMESTAMP, false),
                    column(Kind.TIMESTAMP_TZ, false),
                    column(Kind.INTERVAL, false),
                    column(Kind.UUID, false),
                    column(Kind.JSON, false),
                    column(Kind.BYTES, false),
                    arrayColumn()));
    private static final Row ROW = Row.ofTexts(
            "1",
            "a \"text\"",
            "t",
            "12.50",
            "0044-03-15 BC",
            "12:00:00",
            "2024-02-29 12:00:00.5",
            "2024-02-29 12:00:00.5+02",
            "1 year 04:05:06",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "{\"a\": 1}",
            "\\xdeadbeef",
            "{1,NULL,\"a \\\"b\\\"\"}");

    @Test
    void writesWithoutAllocating() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        PlainRows rows = new PlainRows(TABLE);
        Discarded out = new Discarded();
        rows.write(ROW, out); // buffers grow to the size that they keep
        int count = 10_000;

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < count; i++) {
            rows.write(ROW, out);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(out.values()).isEqualTo((count + 1) * 17L);
        assertThat(bytes).as("bytes for %s rows", count).isLessThan(count);
    }

    @Test
    void leavesOutWhatWasNotLoggedAndNamesWhatIsUnavailable() {
        Table table = new Table("s", "t", List.of(named("a"), named("b"), named("c"), named("d")));
        Row row = new Row(new byte[] {'1'}, new int[] {0, 1, Row.NULL, 0, Row.UNAVAILABLE, 0, Row.ABSENT, 0});
        PlainRows rows = new PlainRows(table);
        WrittenText written = new WrittenText();
        WrittenText unavailable = new WrittenText();

        rows.write(row, written);
        rows.writeUnavailable(row, unavailable);

        assertThat(written).hasToString("{\"a\":1,\"b\":null}");
        assertThat(rows.lacksColumns(row)).isTrue();
        assertThat(unavailable).hasToString("[\"c\"]");
    }

    private static Column named(String name) {
        return new Column(name, DataType.of(Kind.INT32, "integer"), false);
    }

    private static Column column(Kind kind, boolean key) {
        return new Column(kind.name(), DataType.of(kind, ""), key);
    }

    private static Column arrayColumn() {
        return new Column("ARRAY", new DataType(Kind.ARRAY, "", -1, -1, DataType.of(Kind.TEXT, ""), List.of()), false);
    }
}
