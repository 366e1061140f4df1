package io.deltaforge.source.postgres;

import static io.deltaforge.source.postgres.PgOutputBytes.UNCHANGED;
import static io.deltaforge.source.postgres.PgOutputBytes.begin;
import static io.deltaforge.source.postgres.PgOutputBytes.commit;
import static io.deltaforge.source.postgres.PgOutputBytes.insert;
import static io.deltaforge.source.postgres.PgOutputBytes.logicalMessage;
import static io.deltaforge.source.postgres.PgOutputBytes.message;
import static io.deltaforge.source.postgres.PgOutputBytes.relation;
import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Row;
import io.deltaforge.event.RowChange;
import io.deltaforge.spi.Failure;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Whatever becomes of the bytes, the decoder gives a row that lies inside of the message, or its one failure. */
class BrokenMessagesTest {
    private static final int ORDERS = 16_385;

    private static final List<byte[]> INSIDE = List.of(
            relation(ORDERS, "orders", 2, "id", "größe", "note"),
            insert(ORDERS, "1", null, "a text that is longer"),
            message('U').i32(ORDERS).tuple('N', "1", "x", UNCHANGED).bytes(),
            message('U')
                    .i32(ORDERS)
                    .tuple('K', "1", "y", null)
                    .tuple('N', "1", "x", UNCHANGED)
                    .bytes(),
            message('U')
                    .i32(ORDERS)
                    .tuple('O', "1", "y", "z")
                    .tuple('N', "1", "x", UNCHANGED)
                    .bytes(),
            message('D').i32(ORDERS).tuple('K', "1", "y", null).bytes(),
            message('D').i32(ORDERS).tuple('O', "1", "y", "z").bytes(),
            message('T').i32(2).u8(3).i32(ORDERS).i32(ORDERS).bytes(),
            message('O').i64(77).string("elsewhere").bytes(),
            message('Y').i32(99_999).string("public").string("status").bytes(),
            logicalMessage(true, 90, "outbox", "some content"),
            commit(100, 150));

    private static final List<byte[]> OUTSIDE = List.of(begin(100, 7), logicalMessage(false, 90, "audit", "content"));

    @Provide
    net.jqwik.api.Arbitrary<Integer> messages() {
        return net.jqwik.api.Arbitraries.integers().between(0, INSIDE.size() + OUTSIDE.size() - 1);
    }

    @Property(tries = 3_000)
    void aMessageThatIsCutIsRefused(@ForAll("messages") int which, @ForAll @IntRange(min = 0, max = 200) int kept) {
        byte[] whole = chosen(which);
        byte[] cut = Arrays.copyOf(whole, kept % whole.length);

        assertThat(outcome(which, cut)).isEqualTo("refused");
    }

    @Property(tries = 20_000)
    void aMessageWithAWrongByteIsRefusedOrGivesRowsInsideOfIt(
            @ForAll("messages") int which, @ForAll @IntRange(min = 0, max = 200) int place, @ForAll byte value) {
        byte[] broken = chosen(which).clone();
        broken[place % broken.length] = value;

        assertThat(outcome(which, broken)).isIn("refused", "decoded");
    }

    @Property(tries = 5_000)
    void garbageIsRefusedOrGivesRowsInsideOfIt(@ForAll("messages") int which, @ForAll byte[] garbage) {
        assertThat(outcome(which, garbage)).isIn("refused", "decoded");
    }

    private static byte[] chosen(int which) {
        return which < INSIDE.size() ? INSIDE.get(which) : OUTSIDE.get(which - INSIDE.size());
    }

    /** Decodes inside or outside of a transaction, as the chosen message would stand; other exceptions fail the test. */
    private static String outcome(int which, byte[] bytes) {
        DecoderRun run = new DecoderRun();
        try {
            run.decode(relation(ORDERS, "orders", 2, "id", "größe", "note"));
            if (which < INSIDE.size()) {
                run.decode(begin(100, 7));
            }
        } catch (Failure e) {
            throw new AssertionError(e);
        }
        try {
            run.decode(bytes);
        } catch (Failure.Fatal e) {
            assertThat(run.events())
                    .as("nothing of a refused message is handed on")
                    .isEmpty();
            assertThat(run.commits()).isEmpty();
            return "refused";
        } catch (Failure e) {
            throw new AssertionError(e);
        }
        run.events().forEach(event -> {
            if (event instanceof RowChange change) {
                liesInside(change.before(), bytes);
                liesInside(change.after(), bytes);
            }
        });
        return "decoded";
    }

    private static void liesInside(@org.jspecify.annotations.Nullable Row row, byte[] bytes) {
        for (int i = 0; row != null && i < row.columnCount(); i++) {
            if (row.start(i) >= 0) {
                assertThat(row.start(i)).isGreaterThanOrEqualTo(25);
                assertThat(row.end(i)).isBetween(row.start(i), 25 + bytes.length);
            }
        }
    }
}
