package io.deltaforge.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Event;
import io.deltaforge.event.Message;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private final RecordingFeed feed = new RecordingFeed();
    private final Handover handover = new Handover();

    HandoverTest() {
        handover.to(feed);
    }

    private static Event event(long transactionLsn, int ordinal) {
        PgPosition position = new PgPosition(transactionLsn);
        return new Message(
                new Transaction(new SourceInfo("postgresql", "shop", "shop"), 7, 0, transactionLsn, 0, position),
                transactionLsn,
                ordinal,
                true,
                transactionLsn + "." + ordinal,
                new byte[0]);
    }

    @Test
    void whatASecondReadingRepeatsIsLeftOut() {
        handover.event(event(100, 0));
        handover.commit(new PgPosition(150));
        handover.event(event(200, 0));
        handover.event(event(200, 2));

        // the connection broke, and the server starts before the transaction that was cut
        handover.event(event(200, 0));
        handover.event(event(200, 2));
        handover.event(event(200, 3));
        handover.commit(new PgPosition(250));
        handover.event(event(300, 0));

        assertThat(Shown.all(feed.events()))
                .containsExactly("m 100.0 ", "m 200.0 ", "m 200.2 ", "m 200.3 ", "m 300.0 ");
    }

    @Test
    void aCommitThatDoesNotMoveOnIsLeftOut() {
        handover.commit(new PgPosition(150));
        handover.commit(new PgPosition(150));
        handover.commit(new PgPosition(140));
        handover.commit(new PgPosition(151));

        assertThat(feed.commits()).containsExactly(new PgPosition(150), new PgPosition(151));
    }
}
