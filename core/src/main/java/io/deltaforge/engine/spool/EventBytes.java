package io.deltaforge.engine.spool;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import io.deltaforge.reliability.EventCodec;
import io.deltaforge.spi.Batch;
import java.util.Arrays;
import java.util.function.Function;

/** Single events in the spool's format, behind a byte that says which version of it. */
public final class EventBytes implements EventCodec {
    private static final int VERSION = 1;

    private final Function<String, Position> positions;
    private final KnownTables known = new KnownTables();

    /** @param positions reads back what {@link Position#text} wrote */
    public EventBytes(Function<String, Position> positions) {
        this.positions = positions;
    }

    @Override
    public byte[] encode(Event event) {
        RecordOutput out = new RecordOutput();
        out.putByte(VERSION);
        new BatchEncoder().encode(new Batch(new Event[] {event}, 1, event.sizeBytes(), null), 0, out);
        return Arrays.copyOf(out.bytes(), out.length());
    }

    @Override
    public synchronized Event decode(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != VERSION) {
            throw new IllegalArgumentException("was written by another version of DeltaForge");
        }
        try {
            return new BatchDecoder(positions, known)
                    .decode(new RecordInput(bytes, 1))
                    .event(0);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("is no event: " + e, e);
        }
    }
}
