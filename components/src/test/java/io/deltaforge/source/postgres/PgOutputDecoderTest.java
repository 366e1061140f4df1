package io.deltaforge.source.postgres;

import static io.deltaforge.source.postgres.PgOutputBytes.UNCHANGED;
import static io.deltaforge.source.postgres.PgOutputBytes.begin;
import static io.deltaforge.source.postgres.PgOutputBytes.commit;
import static io.deltaforge.source.postgres.PgOutputBytes.insert;
import static io.deltaforge.source.postgres.PgOutputBytes.logicalMessage;
import static io.deltaforge.source.postgres.PgOutputBytes.message;
import static io.deltaforge.source.postgres.PgOutputBytes.relation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.event.Message;
import io.deltaforge.event.RowChange;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Failure;
import org.junit.jupiter.api.Test;

class PgOutputDecoderTest {
    private static final int ORDERS = 16_385;

    private final DecoderRun run = new DecoderRun();

    @Test
    void anUpdateUnderTheDefaultIdentityKeepsOnlyTheOldKey() throws Failure {
        run.decode(begin(100, 7), relation(ORDERS, "orders", 1, "id", "note"));

        run.decode(message('U')
                .i32(ORDERS)
                .tuple('K', "1", null)
                .tuple('N', "2", null)
                .bytes());

        assertThat(run.shown()).containsExactly("u orders (1, absent) -> (2, NULL)");
    }

    @Test
    void anUpdateWithoutAnOldRowHasNoBefore() throws Failure {
        run.decode(begin(100, 7), relation(ORDERS, "orders", 1, "id", "note"));

        run.decode(message('U').i32(ORDERS).tuple('N', "1", UNCHANGED).bytes());

        assertThat(run.shown()).containsExactly("u orders -> (1, unavailable)");
    }

    @Test
    void anUnchangedToastValueIsTakenFromTheOldRowWhereItWasLogged() throws Failure {
        run.decode(begin(100, 7), relation(ORDERS, "orders", 2, "id", "note"));

        run.decode(message('U')
                .i32(ORDERS)
                .tuple('O', "1", "long")
                .tuple('N', "2", UNCHANGED)
                .bytes());

        assertThat(run.shown()).containsExactly("u orders (1, long) -> (2, long)");
    }

    @Test
    void ofSeveralTruncatedTablesEachIsAnEvent() throws Failure {
        run.decode(begin(100, 7), relation(1, "a", 1, "id"), relation(2, "b", 1, "id"));

        run.decode(message('T').i32(2).u8(1).i32(1).i32(2).bytes());

        assertThat(run.shown()).containsExactly("t a", "t b");
        assertThat(run.events()).extracting(e -> e.ordinal()).containsExactly(0, 1);
    }

    @Test
    void rowsCarryTheTransactionAndCommitsMoveBehindIt() throws Failure {
        run.decode(begin(100, -1), relation(ORDERS, "orders", 1, "id"));
        run.decode(insert(ORDERS, "1"), insert(ORDERS, "2"));
        run.decode(commit(100, 150), begin(200, 8), insert(ORDERS, "3"), commit(200, 250));

        Transaction first = run.events().get(0).transaction();
        assertThat(first.id()).isEqualTo(4_294_967_295L);
        assertThat(first.commitMicros()).isEqualTo(946_684_801_000_000L);
        assertThat(first.lsn()).isEqualTo(100);
        assertThat(run.events().get(1).transaction()).isSameAs(first);
        assertThat(run.events().get(1).ordinal()).isEqualTo(1);
        assertThat(run.events().get(2).ordinal()).isZero();
        assertThat(run.events().get(2).transaction().previousLsn()).isEqualTo(100);
        assertThat(run.commits()).containsExactly(new PgPosition(150), new PgPosition(250));
        assertThat(new PgPosition(150).covers(first.position())).isTrue();
        assertThat(new PgPosition(150).covers(run.events().get(2).position())).isFalse();
    }

    @Test
    void rowsOfTablesThatAreNotCapturedAreCountedButNotHandedOn() throws Failure {
        run.decode(begin(100, 7), relation(1, DecoderRun.IGNORED, 1, "id"), relation(2, "b", 1, "id"));

        run.decode(insert(1, "x"), insert(2, "y"));

        assertThat(run.shown()).containsExactly("c b -> (y)");
        assertThat(run.events().getFirst().ordinal()).isEqualTo(1);
    }

    @Test
    void aTransactionalMessageIsPartOfItsTransaction() throws Failure {
        run.decode(begin(100, 7), logicalMessage(true, 90, "outbox", "hello"), commit(100, 150));

        Message message = (Message) run.events().getFirst();
        assertThat(Shown.event(message)).isEqualTo("m outbox hello");
        assertThat(message.transaction().lsn()).isEqualTo(100);
        assertThat(message.lsn()).isEqualTo(90);
    }

    @Test
    void aMessageOutsideOfTransactionsIsCommittedByItself() throws Failure {
        run.decode(logicalMessage(false, 90, "audit", "é"));

        Message message = (Message) run.events().getFirst();
        assertThat(Shown.event(message)).isEqualTo("m! audit é");
        assertThat(message.transaction().commitMicros()).isEqualTo(PgOutputDecoder.POSTGRES_EPOCH_MICROS + 5);
        assertThat(run.commits().getLast().covers(message.position())).isTrue();
        assertThat(run.commits().getLast().covers(new PgPosition(91))).isFalse();
    }

    @Test
    void aNewShapeAppliesFromItsRelationMessageOn() throws Failure {
        run.decode(begin(100, 7), relation(ORDERS, "orders", 1, "id"), insert(ORDERS, "1"));
        run.decode(relation(ORDERS, "orders", 1, "id", "note"), insert(ORDERS, "2", "x"));

        assertThat(run.shown()).containsExactly("c orders -> (1)", "c orders -> (2, x)");
        assertThat(((RowChange) run.events().getLast()).table().columns()).hasSize(2);
    }

    @Test
    void manyTablesAreFoundAgain() throws Failure {
        run.decode(begin(100, 7));
        for (int id = 1; id <= 3_000; id++) {
            run.decode(relation(id * 64, "t" + id, 1, "id"));
        }

        run.decode(insert(64, "a"), insert(3_000 * 64, "b"), insert(1_500 * 64, "c"));

        assertThat(run.shown()).containsExactly("c t1 -> (a)", "c t3000 -> (b)", "c t1500 -> (c)");
    }

    @Test
    void originAndTypeMessagesChangeNothing() throws Failure {
        run.decode(begin(100, 7), message('O').i64(50).string("elsewhere").bytes());
        run.decode(message('Y').i32(99_999).string("public").string("status").bytes());

        assertThat(run.events()).isEmpty();
    }

    @Test
    void whatBreaksTheProtocolIsToldWithItsPlace() throws Failure {
        run.decode(begin(0x16_0000_0100L, 7), relation(ORDERS, "orders", 1, "id", "note"));

        byte[] cut = java.util.Arrays.copyOf(insert(ORDERS, "1", "abc"), 15);
        assertThatThrownBy(() -> run.decode(cut))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("at LSN 0/2A")
                .hasMessageContaining("a message of type 'I'")
                .hasMessageContaining("ends too early")
                .hasMessageContaining("of 15,")
                .hasMessageContaining("transaction 7 committed at 16/100");
    }

    @Test
    void everyKindOfBrokenMessageIsRefused() throws Failure {
        run.decode(begin(100, 7), relation(ORDERS, "orders", 1, "id", "note"));

        refuses(new byte[0], "ends too early");
        refuses(message('S').i32(1).u8(1).bytes(), "does not have");
        refuses(begin(200, 8), "inside of another");
        refuses(commit(101, 150), "inside of transaction 7");
        refuses(commit(100, 100), "inside of transaction 7");
        refuses(insert(1, "1"), "never described");
        refuses(insert(ORDERS, "1"), "has 1 columns, but public.orders has 2");
        refuses(message('I').i32(ORDERS).tuple('O', "1", "x").bytes(), "lacks the 'N'");
        refuses(message('I').i32(ORDERS).tuple('N', "1", "x").u8(0).bytes(), "goes on after its end");
        refuses(message('I').i32(ORDERS).u8('N').u16(2).u8('b').i32(0).u8('n').bytes(), "binary");
        refuses(message('I').i32(ORDERS).u8('N').u16(2).u8('x').u8('n').bytes(), "unknown form");
        refuses(message('I').i32(ORDERS).u8('N').u16(2).u8('t').i32(-1).u8('n').bytes(), "ends too early");
        refuses(
                message('I')
                        .i32(ORDERS)
                        .u8('N')
                        .u16(2)
                        .u8('t')
                        .i32(Integer.MAX_VALUE)
                        .bytes(),
                "ends too early");
        refuses(message('D').i32(ORDERS).tuple('N', "1", null).bytes(), "no old row");
        refuses(message('U').i32(ORDERS).tuple('O', "1", "x").u8('K').bytes(), "no new row");
        refuses(message('T').i32(-1).u8(0).bytes(), "lists -1 tables");
        refuses(message('T').i32(1 << 30).u8(0).bytes(), "lists 1073741824 tables");
        refuses(message('R').i32(5).string("s").string("t").u8('d').u16(65_535).bytes(), "65535 columns");
        refuses(message('R').i32(5).add("unterminated").bytes(), "ends too early");
        refuses(message('M').u8(1).i64(1).string("p").i32(-1).bytes(), "content of -1 bytes");
        refuses(logicalMessage(false, 90, "p", "c"), "outside of any transaction, yet");
        assertThat(run.events()).isEmpty();
    }

    @Test
    void rowsOutsideOfATransactionAreRefused() throws Failure {
        run.decode(relation(ORDERS, "orders", 1, "id"));

        refuses(insert(ORDERS, "1"), "outside of any transaction");
        refuses(commit(100, 150), "outside of any transaction");
        refuses(message('T').i32(1).u8(0).i32(ORDERS).bytes(), "outside of any transaction");
        refuses(logicalMessage(true, 90, "p", "c"), "outside of any transaction");
    }

    private void refuses(byte[] bytes, String reason) {
        assertThatThrownBy(() -> run.decode(bytes))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining(reason);
    }
}
