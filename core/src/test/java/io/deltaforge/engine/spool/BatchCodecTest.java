package io.deltaforge.engine.spool;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.Message;
import io.deltaforge.event.Op;
import io.deltaforge.event.Position;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BatchCodecTest {

    /** A position that is its text. */
    record Text(String text) implements Position {
        @Override
        public boolean covers(Position other) {
            return false;
        }

        @Override
        public Position earliest(Position other) {
            return this;
        }
    }

    /** Makes events of every shape, sharing tables, transactions and arrays as sources do. */
    private static final class Shapes {
        private final Random random;
        private final List<Table> tables = new ArrayList<>();
        private final List<LogStream> streams = new ArrayList<>();
        private Transaction transaction;

        Shapes(Random random) {
            this.random = random;
            this.transaction = transaction();
        }

        private String text() {
            String[] texts = {"", "id", "größe", "日本語", "a\"b", "\u0000", "x".repeat(300)};
            return texts[random.nextInt(texts.length)];
        }

        private long number() {
            long[] numbers = {0, 1, 127, 128, -1, Long.MAX_VALUE, Long.MIN_VALUE, 1_700_000_000_000_000L};
            return random.nextBoolean() ? numbers[random.nextInt(numbers.length)] : random.nextLong();
        }

        private int count() {
            int[] counts = {0, 1, 127, 128, 300, Integer.MAX_VALUE};
            return counts[random.nextInt(counts.length)];
        }

        private Transaction transaction() {
            SourceInfo source = new SourceInfo(text(), text(), text());
            return new Transaction(source, number(), number(), number(), number(), new Text(text()));
        }

        private DataType type(int depth) {
            List<DataType.Kind> kinds = List.of(DataType.Kind.values());
            DataType.Kind kind = depth > 1 ? DataType.Kind.TEXT : kinds.get(random.nextInt(kinds.size()));
            DataType element = kind == DataType.Kind.ARRAY ? type(depth + 1) : null;
            List<String> labels = kind == DataType.Kind.ENUM ? List.of(text(), text()) : List.of();
            return new DataType(kind, text(), random.nextInt(5) - 1, random.nextInt(5) - 1, element, labels);
        }

        private Table table() {
            if (!tables.isEmpty() && random.nextInt(3) > 0) {
                return tables.get(random.nextInt(tables.size()));
            }
            List<Column> columns = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                columns.add(new Column(text(), type(0), random.nextBoolean()));
            }
            Table table = new Table(text(), text(), columns);
            tables.add(table);
            return table;
        }

        /** A row somewhere in an array that holds other things as well. */
        private Row row(byte[] data, int columns) {
            int[] bounds = new int[2 * columns];
            for (int i = 0; i < columns; i++) {
                int kind = random.nextInt(6);
                int from = random.nextInt(data.length + 1);
                bounds[2 * i] = kind < 3 ? -1 - kind : from;
                bounds[2 * i + 1] = kind < 3 ? random.nextInt(100) : from + random.nextInt(data.length + 1 - from);
            }
            return new Row(data, bounds);
        }

        private Event event() {
            if (random.nextInt(4) == 0) {
                transaction = transaction();
            }
            byte[] data = new byte[random.nextInt(200)];
            random.nextBytes(data);
            if (random.nextInt(4) == 0) {
                return new Message(transaction, number(), count(), random.nextBoolean(), text(), data);
            }
            if (random.nextInt(4) == 0) {
                return logEntry(data);
            }
            Table table = table();
            int columns = table.columns().size();
            List<Op> ops = List.of(Op.values());
            Op op = ops.get(random.nextInt(ops.size()));
            Row before = random.nextBoolean() ? row(data, columns) : null;
            Row after = random.nextBoolean() ? row(data, columns) : null;
            return new RowChange(op, table, before, after, transaction, number(), count());
        }

        private LogEntry logEntry(byte[] data) {
            if (streams.isEmpty() || random.nextInt(3) == 0) {
                streams.add(new LogStream(text(), text(), random.nextBoolean() ? Map.of() : Map.of("a", text()), null));
            }
            int start = random.nextInt(data.length + 1);
            int end = start + random.nextInt(data.length + 1 - start);
            List<LogLevel> levels = List.of(LogLevel.values());
            LogLevel level = random.nextBoolean() ? null : levels.get(random.nextInt(levels.size()));
            Map<String, String> fields = random.nextBoolean() ? Map.of() : Map.of("b", text(), "c", text());
            LogStream stream = streams.get(random.nextInt(streams.size()));
            return new LogEntry(
                    transaction,
                    stream,
                    data,
                    start,
                    end,
                    number(),
                    number(),
                    count(),
                    number(),
                    level,
                    fields,
                    random.nextBoolean());
        }

        Batch batch() {
            Event[] events = new Event[random.nextInt(8)];
            long bytes = 0;
            for (int i = 0; i < events.length; i++) {
                events[i] = event();
                bytes += events[i].sizeBytes();
            }
            return new Batch(events, events.length, bytes, random.nextBoolean() ? new Text(text()) : null);
        }
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Arbitraries.longs();
    }

    @Property
    void everyEventComesBackAsItWas(@ForAll("seeds") long seed) {
        Shapes shapes = new Shapes(new Random(seed));
        BatchEncoder encoder = new BatchEncoder();
        BatchDecoder decoder = new BatchDecoder(Text::new, new KnownTables());
        for (int i = 0; i < 5; i++) {
            Batch batch = shapes.batch();
            RecordOutput out = new RecordOutput();
            encoder.encode(batch, i, out);

            Batch read = decoder.decode(new RecordInput(Arrays.copyOf(out.bytes(), out.length()), 0));

            assertThat(read.commit()).isEqualTo(batch.commit());
            assertThat(read.size()).isEqualTo(batch.size());
            for (int n = 0; n < batch.size(); n++) {
                assertSame(read.event(n), batch.event(n));
            }
        }
    }

    private static void assertSame(Event read, Event written) {
        assertThat(read.transaction()).isEqualTo(written.transaction());
        assertThat(read.lsn()).isEqualTo(written.lsn());
        assertThat(read.ordinal()).isEqualTo(written.ordinal());
        switch (written) {
            case Message message -> {
                Message other = (Message) read;
                assertThat(other.prefix()).isEqualTo(message.prefix());
                assertThat(other.content()).isEqualTo(message.content());
                assertThat(other.transactional()).isEqualTo(message.transactional());
            }
            case RowChange change -> {
                RowChange other = (RowChange) read;
                assertThat(other.op()).isEqualTo(change.op());
                assertThat(other.table().sameShape(change.table())).isTrue();
                assertSame(other.before(), change.before());
                assertSame(other.after(), change.after());
            }
            case LogEntry entry -> {
                LogEntry other = (LogEntry) read;
                assertThat(other.stream()).isEqualTo(entry.stream());
                assertThat(Arrays.copyOfRange(other.data(), other.start(), other.end()))
                        .isEqualTo(Arrays.copyOfRange(entry.data(), entry.start(), entry.end()));
                assertThat(other.next()).isEqualTo(entry.next());
                assertThat(other.timeMicros()).isEqualTo(entry.timeMicros());
                assertThat(other.level()).isEqualTo(entry.level());
                assertThat(other.fields()).isEqualTo(entry.fields());
                assertThat(other.truncated()).isEqualTo(entry.truncated());
            }
        }
    }

    private static void assertSame(Row read, Row written) {
        if (written == null) {
            assertThat(read).isNull();
            return;
        }
        assertThat(read.columnCount()).isEqualTo(written.columnCount());
        for (int i = 0; i < written.columnCount(); i++) {
            if (written.start(i) < 0) {
                assertThat(read.start(i)).isEqualTo(written.start(i));
            } else {
                assertThat(Arrays.copyOfRange(read.data(), read.start(i), read.end(i)))
                        .isEqualTo(Arrays.copyOfRange(written.data(), written.start(i), written.end(i)));
            }
        }
    }

    @Test
    void tablesOfTheSameShapeAreOneObjectThroughAllSegments() {
        KnownTables known = new KnownTables();
        Table first = roundTrip(known).table();
        Table second = roundTrip(known).table();

        assertThat(second).isSameAs(first);
    }

    @Test
    void eventsOfOneTransactionShareIt() {
        Shapes shapes = new Shapes(new Random(1));
        Transaction transaction = shapes.transaction();
        Event[] events = new Event[3];
        for (int i = 0; i < 3; i++) {
            events[i] = new Message(transaction, i, i, true, "p", new byte[0]);
        }
        RecordOutput out = new RecordOutput();
        new BatchEncoder().encode(new Batch(events, 3, 0, null), 0, out);

        Batch read = new BatchDecoder(Text::new, new KnownTables()).decode(new RecordInput(out.bytes(), 0));

        assertThat(read.event(2).transaction())
                .isSameAs(read.event(0).transaction())
                .isEqualTo(transaction);
    }

    private static RowChange roundTrip(KnownTables known) {
        Table table = new Table(
                "shop", "orders", List.of(new Column("id", DataType.of(DataType.Kind.INT64, "bigint"), true)));
        Transaction transaction = new Transaction(new SourceInfo("a", "b", "c"), 1, 2, 3, 4, new Text("5"));
        RowChange change = new RowChange(Op.CREATE, table, null, Row.ofTexts("1"), transaction, 6, 0);
        RecordOutput out = new RecordOutput();
        new BatchEncoder().encode(new Batch(new Event[] {change}, 1, 0, null), 0, out);
        return (RowChange) new BatchDecoder(Text::new, known)
                .decode(new RecordInput(out.bytes(), 0))
                .event(0);
    }
}
