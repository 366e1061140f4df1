package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Batch;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlreadyHeldTest {
    private static final LogStream A = new LogStream("a", "a", Map.of(), next -> new Offsets(next, 0));
    private static final LogStream B = new LogStream("b", "b", Map.of(), next -> new Offsets(0, next));

    /** How far two files were read. */
    private record Offsets(long a, long b) implements Position {
        @Override
        public boolean covers(Position other) {
            Offsets that = (Offsets) other;
            return a >= that.a && b >= that.b;
        }

        @Override
        public Position earliest(Position other) {
            Offsets that = (Offsets) other;
            return new Offsets(Math.min(a, that.a), Math.min(b, that.b));
        }

        @Override
        public String text() {
            return a + "," + b;
        }
    }

    @Test
    void ofSeveralStreamsEachEntryHeldIsLeftOutAndNoCommitTakesTheCheckpointBack() {
        AlreadyHeld held = new AlreadyHeld(new Offsets(100, 50));

        Batch first = held.without(batch(new Offsets(90, 60), entry(A, 90), entry(B, 60)));
        Batch second = held.without(batch(new Offsets(110, 60), entry(A, 100), entry(A, 110)));
        Batch third = held.without(batch(new Offsets(120, 60), entry(A, 120)));

        assertThat(nexts(first)).containsExactly(60);
        assertThat(first.commit()).isNull();
        assertThat(nexts(second)).containsExactly(110);
        assertThat(second.commit()).isEqualTo(new Offsets(110, 60));
        assertThat(nexts(third)).containsExactly(120);
    }

    @Test
    void theSamePlaceAgainIsNoCommit() {
        AlreadyHeld held = new AlreadyHeld(new Offsets(100, 50));

        assertThat(held.without(batch(new Offsets(100, 50))).commit()).isNull();
    }

    private static LogEntry entry(LogStream stream, long next) {
        Transaction transaction = new Transaction(new SourceInfo("logs", "l", ""), 0, 0, 0, 0, new Offsets(1000, 1000));
        return new LogEntry(transaction, stream, new byte[0], 0, 0, next - 1, next, 0, 0, null, Map.of(), false);
    }

    private static Batch batch(Position commit, Event... events) {
        return new Batch(events, events.length, 0, commit);
    }

    private static int[] nexts(Batch batch) {
        int[] nexts = new int[batch.size()];
        for (int i = 0; i < nexts.length; i++) {
            nexts[i] = (int) ((LogEntry) batch.event(i)).next();
        }
        return nexts;
    }
}
