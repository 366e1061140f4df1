package io.deltaforge.source.logs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.event.Position;
import org.junit.jupiter.api.Test;

/** What positions in many files say of each other, through restarts and files that come and go. */
class FilesPositionTest {
    private final FileTable table = new FileTable();
    private final FileTable.Slot a = file(1);
    private final FileTable.Slot b = file(2);
    private long number;

    private FileTable.Slot file(int inode) {
        byte[] head = ("file " + inode).getBytes(UTF_8);
        return table.create(new Inode(7, inode), Fingerprint.of(head, head.length));
    }

    private FilesPosition at(long ofA, long ofB) {
        Offsets offsets = new Offsets(FilesPosition.NO_PAGES);
        offsets.set(a.index(), ofA);
        offsets.set(b.index(), ofB);
        return new FilesPosition(table, offsets.snapshot(), 1, ++number);
    }

    private Position restored(FilesPosition position) {
        return FilesPosition.parse(table, position.text());
    }

    @Test
    void theTextSaysItAll() {
        FilesPosition position = at(5, 1L << 40);
        assertThat(restored(position)).isEqualTo(position);
        FileTable other = new FileTable();
        assertThat(FilesPosition.parse(other, position.text()).text()).isEqualTo(position.text());
        assertThat(FilesPosition.parse(other, at(0, 0).text()).text()).isEqualTo("files:");
        Position entry = FilesPosition.parse(table, new FilePosition(a, 77).text());
        assertThat(entry).isEqualTo(new FilePosition(a, 77));
    }

    @Test
    void whatIsNoPositionIsRefused() {
        for (String text :
                new String[] {"", "0/16B3748", "files:1-2-3", "files:1-2-3-4@", "files:1-2-3-4@-1", "file:x"}) {
            assertThatThrownBy(() -> FilesPosition.parse(table, text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void itCoversWhatIsBehindItInEveryFile() {
        Position checkpoint = restored(at(5, 5));
        assertThat(checkpoint.covers(new FilePosition(a, 5))).isTrue();
        assertThat(checkpoint.covers(new FilePosition(a, 6))).isFalse();
        assertThat(checkpoint.covers(new FilePosition(file(3), 1))).isFalse();
        assertThat(at(5, 6).covers(checkpoint)).isTrue();
        assertThat(at(9, 4).covers(checkpoint)).isFalse();
        assertThat(checkpoint.covers(restored(at(5, 4)))).isTrue();
    }

    @Test
    void theEarliestOfTwoHasTheSmallerOffsetOfEachFile() {
        Position mixed = restored(at(9, 4)).earliest(restored(at(5, 5)));
        assertThat(mixed).isEqualTo(restored(at(5, 4)));
        Position oneKnown = restored(at(9, 0)).earliest(restored(at(5, 5)));
        assertThat(oneKnown).isEqualTo(restored(at(5, 0)));
    }

    /** Else a transaction of a sink that takes no commit before it covers its checkpoint would never end. */
    @Test
    void aFileThatIsGoneKeepsNoCommitFromCoveringACheckpoint() {
        Position checkpoint = restored(at(5, 5));
        FilesPosition commit = at(0, 6);
        assertThat(commit.covers(checkpoint)).isFalse();
        table.retire(a, 5);
        assertThat(commit.covers(checkpoint)).isTrue();
        assertThat(checkpoint.covers(commit)).isFalse();
        // and be it that nothing else has changed
        assertThat(at(0, 5).covers(checkpoint)).isTrue();
        assertThat(checkpoint.covers(at(0, 5))).isFalse();
    }

    /** Its last entries may still be on the way. */
    @Test
    void theEntriesOfAFileThatIsGoneAreNotCoveredByWhatDoesNotReachThem() {
        Position checkpoint = restored(at(5, 5));
        table.retire(a, 9);
        assertThat(checkpoint.covers(new FilePosition(a, 9))).isFalse();
    }

    @Test
    void tenThousandFilesFitIntoARecord() {
        Offsets offsets = new Offsets(FilesPosition.NO_PAGES);
        for (int i = 0; i < 10_000; i++) {
            byte[] head = ("the beginning of file number " + i).getBytes(UTF_8);
            FileTable.Slot slot = table.create(new Inode(64_769, 20_000_000 + i), Fingerprint.of(head, head.length));
            slot.recogniseBy(new Fingerprint(Fingerprint.MOST_BYTES, i * 7919));
            offsets.set(slot.index(), 123_456_789L + i);
        }
        FilesPosition position = new FilesPosition(table, offsets.snapshot(), 1, 1);
        assertThat(position.text().length()).isLessThan(500_000);
        assertThat(restored(position)).isEqualTo(position);
    }

    /** File systems that make up their inodes' numbers, as mergerfs does, use all 64 bits. */
    @Test
    void numbersOfInodesMayBeOfAll64Bits() {
        Inode inode = Inode.of("(dev=fe01,ino=-8070450532247928832)");
        FileIdentity identity = new FileIdentity(inode, new Fingerprint(3, 4), 0);
        assertThat(FileIdentity.parse(identity.text())).isEqualTo(identity);
    }
}
