package io.deltaforge.reliability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deltaforge.engine.spool.EventBytes;
import io.deltaforge.event.Event;
import io.deltaforge.event.RowChange;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.DeadLetter;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.JournalPolicy;
import io.deltaforge.spi.JournalPolicy.Overflow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalDeadLettersTest {
    private static final List<String> SECRETS = List.of("*token");

    @TempDir
    Path directory;

    private Journal journal;
    private JournalDesk desk;
    private final List<String> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-02-01T10:00:00Z");

    @BeforeEach
    void openJournal() {
        journal = new Journal(directory.resolve("journal.db"));
        desk = new JournalDesk(journal);
    }

    @AfterEach
    void closeJournal() {
        journal.close();
    }

    private JournalDeadLetters letters(int maxEntries, Overflow overflow) {
        return letters("shop", new JournalPolicy(true, 1000, SECRETS, bounds(maxEntries, 0, overflow)));
    }

    private JournalDeadLetters letters(String pipeline, JournalPolicy policy) {
        return new JournalDeadLetters(
                journal, pipeline, policy, new EventBytes(Orders.Lsn::new), () -> now, new Telling());
    }

    private static JournalPolicy.Bounds bounds(int maxEntries, long maxAgeSecs, Overflow overflow) {
        return new JournalPolicy.Bounds(maxEntries, maxAgeSecs, overflow, null);
    }

    private final class Telling implements DeadLetterMonitor {
        @Override
        public void added(String sink, String kind, int events) {
            told.add("added " + sink + " " + kind + " " + events);
        }

        @Override
        public void dropped(String sink, String policy, int entries) {
            told.add("dropped " + sink + " " + policy + " " + entries);
        }

        @Override
        public void full(String sink, int events) {
            told.add("full " + sink + " " + events);
        }

        @Override
        public void replayed(String sink, boolean delivered) {
            told.add("replayed " + sink + " " + delivered);
        }
    }

    private static void add(DeadLetters letters, int... ids) throws Failure {
        Batch batch = Orders.batch(ids);
        letters.add("kafka", batch, Orders.all(batch, "message_too_large"));
    }

    @Test
    void aJournalOfAnEarlierVersionGetsTheColumnsThatItLacks(@org.junit.jupiter.api.io.TempDir java.nio.file.Path old)
            throws Exception {
        java.nio.file.Path file = old.resolve("journal.db");
        new Journal(file).close();
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("DROP INDEX unparked_letters");
            statement.execute("ALTER TABLE dead_letters DROP COLUMN parked");
            statement.execute("ALTER TABLE dead_letters DROP COLUMN tries");
        }

        try (Journal opened = new Journal(file)) {
            assertThat(new JournalDesk(opened).countParkedBySink("shop")).isEmpty();
            assertThat(new JournalDesk(opened).list(everything())).isEmpty();
        }
    }

    private static JournalDesk.Query everything() {
        return new JournalDesk.Query("shop", null, null, List.of(), 100);
    }

    private List<StoredLetter> whole() {
        List<StoredLetter> letters = new ArrayList<>();
        desk.each(everything(), letters::add);
        return letters;
    }

    private List<String> eventIds() {
        return desk.list(everything()).stream()
                .map(stored -> stored.letter().origin().eventId())
                .toList();
    }

    @Test
    void anEntryTellsAllThatIsKnown() throws Exception {
        add(letters(10, Overflow.BLOCK), 7);

        StoredLetter stored = whole().getFirst();

        DeadLetter letter = stored.letter();
        assertThat(letter.origin())
                .isEqualTo(new DeadLetter.Origin("shop", "shop-db", "kafka", "0/7:0", "0/7", "public.orders", "c"));
        assertThat(letter.cause()).isEqualTo(new DeadLetter.Cause("message_too_large", "too large."));
        assertThat(letter.attempts()).isEqualTo(new DeadLetter.Attempts(1, now, now));
        assertThat(letter.payload().record().destination()).isEqualTo("orders");
        assertThat(letter.payload().record().partition()).isEqualTo(2);
        assertThat(letter.payload().record().key()).asString(UTF_8).isEqualTo("{\"id\":7}");
        assertThat(letter.payload().record().value()).asString(UTF_8).contains("note 7");
        assertThat(letter.payload().record().headers())
                .singleElement()
                .satisfies(header -> assertThat(header.value()).asString(UTF_8).isEqualTo("application/json"));
        assertThat(letter.payload().isTruncated()).isFalse();
        assertThat(stored.hasEvent()).isTrue();
        assertThat(told).containsExactly("added kafka message_too_large 1");
    }

    @Test
    void theSameEventAddedAgainIsOneEntryWithOneMoreAttempt() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        add(letters, 1, 2);
        Instant first = now;
        now = now.plusSeconds(5);

        add(letters, 2, 3);

        assertThat(eventIds()).containsExactly("0/1:0", "0/2:0", "0/3:0");
        assertThat(whole().get(1).letter().attempts()).isEqualTo(new DeadLetter.Attempts(2, first, now));
    }

    @Test
    void anotherKindOfErrorOrAnotherSinkIsAnotherEntry() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        Batch batch = Orders.batch(1);

        letters.add("kafka", batch, Orders.all(batch, "message_too_large"));
        letters.add("kafka", batch, Orders.all(batch, "serialization"));
        letters.add("second", batch, Orders.all(batch, "serialization"));

        assertThat(desk.countBySink("shop")).containsEntry("kafka", 2).containsEntry("second", 1);
        assertThat(desk.countByKind("shop")).containsEntry("serialization", 2);
    }

    @Test
    void whenItIsFullTheOldestAreDroppedAloud() throws Exception {
        JournalDeadLetters letters = letters(3, Overflow.DROP_OLDEST);
        add(letters, 1, 2, 3);

        add(letters, 4, 5);

        assertThat(eventIds()).containsExactly("0/3:0", "0/4:0", "0/5:0");
        assertThat(told).contains("dropped kafka drop_oldest 2");
    }

    @Test
    void whenItIsFullRejectIsFatalAndAddsNothing() throws Exception {
        JournalDeadLetters letters = letters(3, Overflow.REJECT);
        add(letters, 1, 2);

        assertThatThrownBy(() -> add(letters, 3, 4))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("max_entries is 3")
                .hasMessageContaining("Nothing was skipped");

        assertThat(eventIds()).containsExactly("0/1:0", "0/2:0");
    }

    @Test
    void whenItIsFullBlockCanBeTriedAgainAndSucceedsOnceThereIsRoom() throws Exception {
        JournalDeadLetters letters = letters(2, Overflow.BLOCK);
        add(letters, 1, 2);
        assertThatThrownBy(() -> add(letters, 3))
                .isInstanceOf(Failure.Retryable.class)
                .hasMessageContaining("max_entries is 2")
                .hasMessageContaining("dlq");
        desk.remove(new JournalDesk.Query("shop", null, null, List.of(1L), 100));

        add(letters, 3);

        assertThat(eventIds()).containsExactly("0/2:0", "0/3:0");
    }

    @Test
    void eventsThatAreThereAlreadyNeedNoPlace() throws Exception {
        JournalDeadLetters letters = letters(2, Overflow.REJECT);
        add(letters, 1, 2);

        add(letters, 1, 2);

        assertThat(eventIds()).containsExactly("0/1:0", "0/2:0");
    }

    @Test
    void waitingForRoomThatCanNeverBeEnoughIsFatal() {
        assertThatThrownBy(() -> add(letters(2, Overflow.BLOCK), 1, 2, 3))
                .isInstanceOf(Failure.Fatal.class)
                .hasMessageContaining("raise it");
    }

    @Test
    void thePlacesOfOnePipelineAreNotAnothers() throws Exception {
        JournalPolicy two = new JournalPolicy(true, 1000, SECRETS, bounds(2, 0, Overflow.REJECT));
        add(letters("shop", two), 1, 2);

        add(letters("depot", two), 3, 4);

        assertThat(desk.countBySink("depot")).containsEntry("kafka", 2);
    }

    @Test
    void entriesExpire() throws Exception {
        JournalDeadLetters letters =
                letters("shop", new JournalPolicy(true, 1000, SECRETS, bounds(10, 60, Overflow.BLOCK)));
        add(letters, 1);
        now = now.plus(Duration.ofSeconds(40));
        add(letters, 2);
        now = now.plus(Duration.ofSeconds(40));

        letters.wanted("kafka", 10);

        assertThat(eventIds()).containsExactly("0/2:0");
        assertThat(told).contains("dropped kafka max_age 1");
    }

    @Test
    void aPayloadThatIsTooLargeIsCutAndItsMetadataStaysWhole() throws Exception {
        Event event = Orders.inserted(1, "x".repeat(5000), null);

        letters(10, Overflow.BLOCK).add("kafka", Orders.batch(event), Orders.all(Orders.batch(event), "k"));

        StoredLetter stored = whole().getFirst();
        assertThat(stored.letter().payload().truncation()).contains("max_event_bytes (1000)");
        assertThat(stored.letter().payload().bytes()).isGreaterThan(5000);
        assertThat(stored.letter().payload().keyIsWhole()).isTrue();
        assertThat(stored.letter().payload().record().key()).asString(UTF_8).isEqualTo("{\"id\":1}");
        assertThat(stored.letter().payload().record().value()).hasSize(1000 - "{\"id\":1}".length());
        assertThat(stored.letter().cause().reason()).isEqualTo("too large.");
        assertThat(stored.hasEvent()).isFalse();
    }

    @Test
    void theValueOfASecretColumnIsNowhereInTheFile() throws Exception {
        Event event = Orders.inserted(1, "a note", "tok-4711-secret");
        Batch batch = Orders.batch(event);
        Failure.RejectedEvent honest =
                Orders.all(batch, "invalid_topic").events().getFirst();
        Failure.Rejected talkative = new Failure.Rejected(List.of(
                new Failure.RejectedEvent(0, honest.kind(), "the topic is \"tok-4711-secret\"", honest.record())));

        letters(10, Overflow.BLOCK).add("kafka", batch, talkative);

        StoredLetter stored = whole().getFirst();
        assertThat(stored.letter().payload().truncation()).contains("card_token");
        assertThat(stored.letter().payload().record().key()).asString(UTF_8).isEqualTo("{\"id\":1}");
        assertThat(stored.letter().cause().reason()).isEqualTo("the topic is \"***\"");
        assertThat(stored.hasEvent()).isFalse();
        journal.close();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                assertThat(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain("4711");
            }
        }
    }

    @Test
    void onlyItsOwnerMayReadTheFile() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("journal.db"))))
                .isEqualTo("rw-------");
    }

    @Test
    void anEntryIsSentAgainAsItWasAndRemovedOnceItIsDelivered() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        add(letters, 1, 2);
        assertThat(letters.wanted("kafka", 10)).isEmpty();
        desk.wantAsTheyWere(List.of(2L));

        List<Replay> replays = letters.wanted("kafka", 10);

        assertThat(replays).singleElement().isInstanceOfSatisfying(Replay.OfEvent.class, replay -> {
            RowChange change = (RowChange) replay.event();
            assertThat(change.after().text(1)).isEqualTo("note 2");
            assertThat(change.transaction().position()).isEqualTo(new Orders.Lsn("0/2"));
        });
        assertThat(letters.wanted("kafka", 10)).as("handed out once").isEmpty();
        assertThat(desk.outcome(2)).isEqualTo(new JournalDesk.Outcome.Waiting());
        letters.delivered("kafka", replays.getFirst());
        assertThat(eventIds()).containsExactly("0/1:0");
        assertThat(desk.outcome(2)).isEqualTo(new JournalDesk.Outcome.Delivered());
        assertThat(told).contains("replayed kafka true");
    }

    @Test
    void anEditedEntryGoesToTheOldTopicAndKey() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        add(letters, 1);
        desk.want(1, "{}".getBytes(UTF_8), null);

        List<Replay> replays = letters.wanted("kafka", 10);

        assertThat(replays).singleElement().isInstanceOfSatisfying(Replay.OfHandMade.class, replay -> {
            assertThat(replay.letter().record().destination()).isEqualTo("orders");
            assertThat(replay.letter().record().partition()).isEqualTo(2);
            assertThat(replay.letter().record().key()).asString(UTF_8).isEqualTo("{\"id\":1}");
            assertThat(replay.letter().record().value()).asString(UTF_8).isEqualTo("{}");
            assertThat(replay.letter().record().headers()).hasSize(1);
            assertThat(replay.letter().isMoved()).isFalse();
            assertThat(replay.letter().eventId()).isEqualTo("0/1:0");
            assertThat(((RowChange) replay.letter().event()).after().text(1)).isEqualTo("note 1");
        });
    }

    @Test
    void anotherTopicIsAnotherChoiceOfPartition() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        add(letters, 1);
        desk.want(1, "{}".getBytes(UTF_8), "orders-mended");

        Replay.OfHandMade replay =
                (Replay.OfHandMade) letters.wanted("kafka", 10).getFirst();

        assertThat(replay.letter().record().destination()).isEqualTo("orders-mended");
        assertThat(replay.letter().record().partition()).isNull();
        assertThat(replay.letter().isMoved()).isTrue();
    }

    @Test
    void anEmptyValueIsAValue() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        add(letters, 1);
        desk.want(1, new byte[0], null);

        List<Replay> replays = letters.wanted("kafka", 10);

        assertThat(replays)
                .singleElement()
                .isInstanceOfSatisfying(
                        Replay.OfHandMade.class,
                        replay -> assertThat(replay.letter().record().value()).isEmpty());
    }

    @Test
    void aMendedValueNeedsNoEvent() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        Batch large = Orders.batch(Orders.inserted(1, "x".repeat(5000), null));
        letters.add("kafka", large, Orders.all(large, "k"));
        desk.want(1, "{}".getBytes(UTF_8), null);

        Replay.OfHandMade replay =
                (Replay.OfHandMade) letters.wanted("kafka", 10).getFirst();

        assertThat(replay.letter().event()).isNull();
    }

    @Test
    void aReplayThatIsRefusedStaysWithItsNewReason() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        add(letters, 1);
        desk.wantAsTheyWere(List.of(1L));
        Replay replay = letters.wanted("kafka", 10).getFirst();
        Instant first = now;
        now = now.plusSeconds(9);

        letters.refused("kafka", replay, new Failure.RejectedEvent(0, "invalid_record", "no key."));

        DeadLetter letter = whole().getFirst().letter();
        assertThat(letter.cause()).isEqualTo(new DeadLetter.Cause("invalid_record", "no key."));
        assertThat(letter.attempts()).isEqualTo(new DeadLetter.Attempts(2, first, now));
        assertThat(letters.wanted("kafka", 10)).isEmpty();
        assertThat(desk.outcome(1)).isEqualTo(new JournalDesk.Outcome.Refused("no key."));
        assertThat(told).contains("replayed kafka false");
    }

    @Test
    void aRequestThatIsOnTheWayDoesNotSwallowTheNextOne() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        add(letters, 1);
        desk.want(1, "first".getBytes(UTF_8), null);
        Replay onTheWay = letters.wanted("kafka", 10).getFirst();
        desk.want(1, "second".getBytes(UTF_8), null);

        letters.delivered("kafka", onTheWay);

        assertThat(letters.wanted("kafka", 10))
                .singleElement()
                .isInstanceOfSatisfying(
                        Replay.OfHandMade.class,
                        replay -> assertThat(replay.letter().record().value())
                                .asString(UTF_8)
                                .isEqualTo("second"));
    }

    @Test
    void whatCouldNotBeSentIsHandedOutAgain() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        add(letters, 1);
        desk.wantAsTheyWere(List.of(1L));
        Replay replay = letters.wanted("kafka", 10).getFirst();

        letters.postponed("kafka", replay);

        assertThat(letters.wanted("kafka", 10)).extracting(Replay::id).containsExactly(1L);
    }

    @Test
    void whatWasOnTheWayInACrashIsWantedAgain() throws Exception {
        JournalDeadLetters letters = letters(10, Overflow.BLOCK);
        add(letters, 1);
        desk.wantAsTheyWere(List.of(1L));
        letters.wanted("kafka", 10);

        List<Replay> afterTheRestart = letters(10, Overflow.BLOCK).wanted("kafka", 10);

        assertThat(afterTheRestart).extracting(Replay::id).containsExactly(1L);
    }

    @Test
    void anEntryThatSomebodyRemovedIsNeitherDeliveredNorWaiting() throws Exception {
        add(letters(10, Overflow.BLOCK), 1);
        desk.remove(everything());

        assertThat(desk.outcome(1)).isEqualTo(new JournalDesk.Outcome.Gone());
    }

    @Test
    void twoProcessesMayHaveTheFileOpen() throws Exception {
        add(letters(10, Overflow.BLOCK), 1);
        try (Journal second = new Journal(directory.resolve("journal.db"))) {
            assertThat(new JournalDesk(second).remove(everything())).isEqualTo(1);
        }

        assertThat(eventIds()).isEmpty();
    }

    @Test
    void aDamagedFileSaysSo() throws Exception {
        Path damaged = Files.writeString(directory.resolve("damaged.db"), "no database ".repeat(100));

        assertThatThrownBy(() -> new Journal(damaged))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("damaged.db")
                .hasMessageContaining("not a database");
    }
}
