package io.deltaforge.spi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Op;
import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Transaction;
import org.junit.jupiter.api.Test;

class EventIdTest {
    private final EventId eventId = new EventId();

    @Test
    void isThePositionOfTheTransactionAndTheNumberInIt() {
        Transaction transaction = Shipments.transaction("0/16B3748");

        assertThat(id(transaction, 0)).isEqualTo("0/16B3748:0");
        assertThat(id(transaction, 12)).isEqualTo("0/16B3748:12");
        assertThat(id(transaction, 9)).isEqualTo("0/16B3748:9");
        assertThat(id(transaction, Integer.MAX_VALUE)).isEqualTo("0/16B3748:2147483647");
    }

    @Test
    void changesWithTheTransaction() {
        assertThat(id(Shipments.transaction("0/16B3748"), 3)).isEqualTo("0/16B3748:3");
        assertThat(id(Shipments.transaction("1/0"), 3)).isEqualTo("1/0:3");
    }

    @Test
    void anyLengthOfPositionHasRoom() {
        String position = "binlog.000042:" + "7".repeat(300);

        assertThat(id(Shipments.transaction(position), Integer.MAX_VALUE)).isEqualTo(position + ":2147483647");
        assertThat(id(Shipments.transaction("0/1"), 1)).isEqualTo("0/1:1");
    }

    @Test
    void theSameEventReadAgainHasTheSameIdentity() {
        String first = id(Shipments.transaction("0/16B3748"), 5);

        assertThat(new String(new EventId().bytes(event(Shipments.transaction("0/16B3748"), 5)), US_ASCII))
                .isEqualTo(first);
    }

    private String id(Transaction transaction, int ordinal) {
        return new String(eventId.bytes(event(transaction, ordinal)), US_ASCII);
    }

    private static RowChange event(Transaction transaction, int ordinal) {
        return Shipments.change(Op.CREATE, null, Row.ofTexts("7", "Ulm"), transaction, ordinal);
    }
}
