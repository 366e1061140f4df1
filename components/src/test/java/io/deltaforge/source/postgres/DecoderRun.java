package io.deltaforge.source.postgres;

import io.deltaforge.event.Column;
import io.deltaforge.event.DataType;
import io.deltaforge.event.Event;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Table;
import io.deltaforge.spi.Failure;
import java.util.ArrayList;
import java.util.List;

/** A decoder without a server: every column is a text, and one table is not captured. */
final class DecoderRun implements PgOutputDecoder.Output {
    static final String IGNORED = "ignored";

    private final List<Event> events = new ArrayList<>();
    private final List<PgPosition> commits = new ArrayList<>();
    private final PgOutputDecoder decoder =
            new PgOutputDecoder(new SourceInfo("postgresql", "shop", "shop"), DecoderRun::relation, this);

    private static Relation relation(Relation.Description described) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < described.columns().length; i++) {
            columns.add(new Column(
                    described.columns()[i],
                    DataType.of(DataType.Kind.TEXT, "text"),
                    described.identity()[i]));
        }
        return new Relation(
                described.id(),
                new Table(described.schema(), described.table(), columns),
                described.identity(),
                !described.table().equals(IGNORED));
    }

    /** Decodes messages that lie at LSN 0/2A, in an array that begins and ends with something else. */
    void decode(byte[]... messages) throws Failure {
        for (byte[] message : messages) {
            byte[] data = new byte[message.length + 50];
            java.util.Arrays.fill(data, (byte) 't');
            System.arraycopy(message, 0, data, 25, message.length);
            decoder.decode(data, 25, 25 + message.length, 42, 5);
        }
    }

    @Override
    public void event(Event event) {
        events.add(event);
    }

    @Override
    public void commit(PgPosition end) {
        commits.add(end);
    }

    List<Event> events() {
        return events;
    }

    List<PgPosition> commits() {
        return commits;
    }

    List<String> shown() {
        return Shown.all(events);
    }
}
