package io.deltaforge.source.postgres;

import io.deltaforge.event.Event;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.Failure;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.postgresql.replication.PGReplicationStream;

/** Messages of a real server, kept in memory so that they can be decoded again and again. */
public final class CapturedLog {
    private final List<Captured> messages = new ArrayList<>();
    private final TableShapes shapes;

    /** One message and where it lies in its array. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Captured(byte[] data, int from, int to, long lsn) {}

    /**
     * Reads until {@code events} row messages and the end of their transaction have passed.
     *
     * @param dsn of the server, for the decoder's questions about types
     */
    public CapturedLog(PGReplicationStream stream, String dsn, int events) throws SQLException {
        Dsn address = Dsn.parse(dsn);
        shapes = new TableShapes(TableFilter.parse(List.of("*")), new Catalog(address, new ServerErrors(address)));
        int seen = 0;
        while (true) {
            ByteBuffer message = stream.read();
            int from = message.arrayOffset() + message.position();
            byte[] data = message.array();
            messages.add(new Captured(
                    data,
                    from,
                    from + message.remaining(),
                    stream.getLastReceiveLSN().asLong()));
            seen += data[from] == 'I' || data[from] == 'U' || data[from] == 'D' ? 1 : 0;
            if (seen >= events && data[from] == 'C') {
                return;
            }
        }
    }

    /** Decodes everything once. */
    public void decode(Consumer<Event> consumer) {
        PgOutputDecoder decoder = new PgOutputDecoder(
                new SourceInfo("postgresql", "bench", "postgres"), shapes, new PgOutputDecoder.Output() {
                    @Override
                    public void event(Event event) {
                        consumer.accept(event);
                    }

                    @Override
                    public void commit(PgPosition end) {}
                });
        try {
            for (Captured message : messages) {
                decoder.decode(message.data, message.from, message.to, message.lsn, 0);
            }
        } catch (Failure e) {
            throw new IllegalStateException(e);
        }
    }
}
