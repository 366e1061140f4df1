package io.deltaforge.engine.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.event.Event;
import io.deltaforge.event.Message;
import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.event.Transaction;
import io.deltaforge.spi.Batch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final Path FOLDER = Path.of("spool");
    private static final String FIRST_SEGMENT = Segment.fileName(1);
    private static final SourceInfo LOG = new SourceInfo("test", "log", "");

    private final Machine machine = new Machine();

    /** A position that is a number. */
    record Offset(long offset) implements Position {
        @Override
        public boolean covers(Position other) {
            return offset > ((Offset) other).offset;
        }

        @Override
        public Position earliest(Position other) {
            return offset <= ((Offset) other).offset ? this : other;
        }

        @Override
        public String text() {
            return Long.toString(offset);
        }
    }

    private static Spool open(SpoolDisk disk, long segmentBytes) {
        return new Spool(disk, segmentBytes, text -> new Offset(Long.parseLong(text)));
    }

    private Spool open() {
        return open(machine.disk(FOLDER), 1 << 20);
    }

    /** One event, numbered as the entry, that commits. */
    private static Entry entry(long number) {
        Transaction transaction = new Transaction(LOG, number, 0, number, 0, new Offset(number));
        Message event = new Message(transaction, number, 0, true, "p", new byte[20]);
        return new Entry(number, new Batch(new Event[] {event}, 1, event.sizeBytes(), new Offset(number)));
    }

    private static void append(Spool spool, long from, long to) {
        LongStream.rangeClosed(from, to).forEach(number -> spool.append(entry(number)));
    }

    private static List<Long> readAll(Spool spool) {
        List<Long> events = new ArrayList<>();
        for (Entry entry = spool.read(); entry != null; entry = spool.read()) {
            assertThat(entry.batch().event(0).lsn()).isEqualTo(entry.number());
            events.add(entry.number());
            spool.consumed(entry);
        }
        return events;
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void whatWasSyncedIsReadAfterARestartAndNothingElse() {
        Spool spool = open();
        spool.begin(List.of(), 1);
        append(spool, 1, 3);
        spool.sync();
        append(spool, 4, 5);

        Spool reopened = open();

        assertThat(reopened.held()).isEqualTo(new Offset(3));
        assertThat(reopened.lastNumber()).isEqualTo(3);
        assertThat(reopened.unreadEvents()).isEqualTo(3);
        assertThat(readAll(reopened)).isEqualTo(numbers(1, 3));
    }

    @Test
    void aTransactionThatIsCutOffIsLeftToTheSource() {
        Spool spool = open();
        spool.begin(List.of(), 1);
        append(spool, 1, 2);
        Batch piece = entry(3).batch();
        spool.append(new Entry(3, new Batch(new Event[] {piece.event(0)}, 1, piece.sizeBytes(), null)));
        spool.sync();

        assertThat(readAll(open())).isEqualTo(numbers(1, 2));
    }

    @Test
    void theFileMayEndAnywhereBehindWhatWasSyncedButNotBefore() {
        Spool spool = open();
        spool.begin(List.of(), 1);
        append(spool, 1, 3);
        spool.sync();
        int syncedLength = machine.bytes(FOLDER, FIRST_SEGMENT).length;
        append(spool, 4, 5);
        byte[] whole = machine.bytes(FOLDER, FIRST_SEGMENT);

        for (int length = 0; length <= whole.length; length++) {
            machine.put(FOLDER, FIRST_SEGMENT, Arrays.copyOf(whole, length));
            if (length >= syncedLength) {
                assertThat(readAll(open())).as("cut at %d", length).isEqualTo(numbers(1, 3));
            } else {
                assertDamaged("cut at " + length);
            }
        }
    }

    @Test
    void aByteThatChangedIsAnErrorAndNeverAWrongEvent() {
        Spool spool = open();
        spool.begin(List.of(), 1);
        append(spool, 1, 3);
        spool.sync();
        int syncedLength = machine.bytes(FOLDER, FIRST_SEGMENT).length;
        append(spool, 4, 5);
        byte[] whole = machine.bytes(FOLDER, FIRST_SEGMENT);

        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x10;
            machine.put(FOLDER, FIRST_SEGMENT, changed);
            if (at >= syncedLength) {
                assertThat(readAll(open())).as("changed at %d", at).isEqualTo(numbers(1, 3));
            } else {
                assertDamaged("changed at " + at);
            }
        }
    }

    private void assertDamaged(String how) {
        assertThatThrownBy(this::open)
                .as(how)
                .isInstanceOf(SpoolException.class)
                .hasMessageContaining(FIRST_SEGMENT)
                .hasMessageContaining("is damaged");
    }

    @Test
    void aSegmentThatIsMissingIsAnError() throws Exception {
        Spool spool = open(machine.disk(FOLDER), 100);
        spool.begin(List.of(), 1);
        append(spool, 1, 9);
        spool.sync();
        machine.disk(FOLDER).delete(Segment.fileName(2));

        assertThatThrownBy(this::open).isInstanceOf(SpoolException.class).hasMessageContaining("is missing");
    }

    @Test
    void changedWhileItIsReadIsAnErrorToo() {
        Spool spool = open();
        spool.begin(List.of(), 1);
        append(spool, 1, 1);
        byte[] bytes = machine.bytes(FOLDER, FIRST_SEGMENT);
        bytes[bytes.length - 1] ^= 1;
        machine.put(FOLDER, FIRST_SEGMENT, bytes);

        assertThatThrownBy(spool::read).isInstanceOf(SpoolException.class).hasMessageContaining("checksum");
    }

    @Test
    void aNewRunTakesThePlaceOfTheOldOneOnceItIsSynced() {
        Spool spool = open();
        spool.begin(List.of(), 1);
        append(spool, 1, 3);
        spool.sync();
        readAll(spool);
        spool.end();
        // 4 and 5 went through memory and were acknowledged, 3 was not
        spool.begin(List.of(entry(3)), 6);
        append(spool, 6, 7);

        assertThat(readAll(open())).as("not synced: the old run").isEqualTo(numbers(1, 3));
    }

    @Test
    void aNewRunBeginsWithWhatWasNotAcknowledged() {
        Spool spool = open();
        spool.begin(List.of(), 1);
        append(spool, 1, 3);
        spool.sync();
        readAll(spool);
        spool.end();
        spool.begin(List.of(entry(5), entry(6)), 7);
        append(spool, 7, 8);
        assertThat(readAll(spool)).as("what is on the way is not read again").isEqualTo(numbers(7, 8));

        spool.sync();

        assertThat(readAll(open())).isEqualTo(numbers(5, 8));
    }

    @Test
    void aSyncWhileARunIsBegunNeverCountsHalfOfWhatWasNotAcknowledged() {
        Spool spool = open();
        spool.begin(List.of(), 1);
        append(spool, 1, 3);
        spool.sync();
        readAll(spool);
        spool.end();
        List<Machine> crashed = new ArrayList<>();
        AtomicBoolean syncing = new AtomicBoolean();
        machine.afterWrite(() -> {
            if (syncing.compareAndSet(false, true)) {
                spool.sync();
                crashed.add(machine.cutPower(new Random(1)));
                syncing.set(false);
            }
        });

        spool.begin(List.of(entry(1), entry(2), entry(3)), 4);

        assertThat(crashed).hasSizeGreaterThan(3);
        for (Machine after : crashed) {
            assertThat(readAll(open(after.disk(FOLDER), 1 << 20))).isEqualTo(numbers(1, 3));
        }
    }

    @Test
    void deliveredSegmentsAreDeletedAndAfterTheLastNothingIsLeft() {
        Spool spool = open(machine.disk(FOLDER), 200);
        spool.begin(List.of(), 1);
        append(spool, 1, 100);
        spool.sync();
        long full = spool.bytes();
        readAll(spool);

        spool.trim(50);
        assertThat(spool.bytes()).isBetween(full / 3, full * 2 / 3);
        assertThat(readAll(open(machine.disk(FOLDER), 200)))
                .last()
                .as("what is behind the checkpoint is still there")
                .isEqualTo(100L);
        spool.end();
        spool.trim(100);

        assertThat(spool.bytes()).isZero();
        assertThat(open().held()).isNull();
        assertThat(machine.disk(FOLDER))
                .satisfies(disk -> assertThat(disk.files()).containsExactly(HeldMark.FILE));
    }

    @Test
    void worksInARealFolder(@TempDir Path directory) {
        Path folder = directory.resolve("not/there/yet");
        Spool spool = open(new DirectoryDisk(folder), 200);
        assertThat(folder).as("not made before it is needed").doesNotExist();
        spool.begin(List.of(), 1);
        append(spool, 1, 20);
        spool.sync();
        spool.close();

        Spool reopened = open(new DirectoryDisk(folder), 200);
        append(reopened, 21, 22);
        assertThat(reopened.sync()).isEqualTo(new Offset(22));
        assertThat(readAll(reopened)).isEqualTo(numbers(1, 22));
        reopened.end();
        reopened.trim(22);
        reopened.close();

        assertThat(folder.toFile().list()).containsExactly(HeldMark.FILE);
    }
}
