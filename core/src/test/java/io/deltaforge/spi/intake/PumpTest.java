package io.deltaforge.spi.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deltaforge.event.Event;
import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogStream;
import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.Feed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PumpTest {
    private static final LogStream STREAM = new LogStream("s", "s", Map.of(), null);

    private final Intake intake = new Intake(1000);
    private final Pump pump = startedAt(Instant.EPOCH);

    private Pump startedAt(Instant time) {
        return new Pump(new SourceInfo("test", "test", ""), intake, InstantSource.fixed(time));
    }

    /** Keeps what it is given, by the source thread; the test reads and steers. */
    private static final class TestFeed implements Feed {
        private final List<String> taken = new ArrayList<>();
        private final @Nullable Position start;
        private volatile @Nullable Position committed;
        private volatile @Nullable Position durable;
        private volatile boolean room = true;
        private final CountDownLatch stop = new CountDownLatch(1);

        TestFeed(@Nullable Position start) {
            this.start = start;
        }

        @Override
        public @Nullable Position resumeFrom() {
            return committed != null ? committed : start;
        }

        @Override
        public synchronized void event(Event event) {
            LogEntry entry = (LogEntry) event;
            taken.add(entry.offset() + " " + new String(entry.data(), entry.start(), entry.end() - entry.start(), UTF_8)
                    + " of " + entry.position().text());
        }

        synchronized List<String> taken() {
            return List.copyOf(taken);
        }

        @Override
        public void commit(Position position) {
            committed = position;
        }

        @Override
        public boolean hasRoom() {
            return room;
        }

        @Override
        public boolean awaitRoom(Duration atMost) {
            try {
                stop.await(5, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return room;
        }

        @Override
        public void idle() {}

        @Override
        public @Nullable Position durable() {
            return durable;
        }

        @Override
        public void lagBytes(long bytes) {}

        @Override
        public boolean stopped() {
            return stop.getCount() == 0;
        }
    }

    private static List<Draft> drafts(String... messages) {
        List<Draft> drafts = new ArrayList<>();
        for (String message : messages) {
            byte[] data = message.getBytes(UTF_8);
            drafts.add(new Draft(STREAM, data, 0, data.length, 0, null, Map.of(), false));
        }
        return drafts;
    }

    private Thread runs(TestFeed feed) {
        return runs(pump, feed);
    }

    private static Thread runs(Pump pump, TestFeed feed) {
        return Thread.ofPlatform().start(() -> {
            pump.begin(feed);
            pump.run(feed);
            pump.drain(feed);
        });
    }

    private static void stop(TestFeed feed, Thread running) {
        feed.stop.countDown();
        await().atMost(Duration.ofSeconds(60)).until(() -> !running.isAlive());
    }

    @Test
    void anArrivalIsATransactionAndTheBeginningIsTheFirstCommit() throws Exception {
        TestFeed feed = new TestFeed(null);
        pump.begin(feed);
        assertThat(feed.committed).isEqualTo(new EntryNumber(0));

        Thread running = runs(feed);
        intake.put(drafts("a", "b"));
        intake.put(drafts("c"));
        await().atMost(Duration.ofSeconds(60)).until(() -> feed.taken().size() == 3);
        stop(feed, running);

        assertThat(feed.taken()).containsExactly("1 a of 2", "2 b of 2", "3 c of 3");
        assertThat(feed.committed).isEqualTo(new EntryNumber(3));
    }

    /** Else the sink that was further would take what is new for what it holds. */
    @Test
    void numbersGoOnAboveTheFurthestSink() throws Exception {
        pump.parsePosition("100");
        TestFeed feed = new TestFeed(pump.parsePosition("80"));
        Thread running = runs(feed);
        intake.put(drafts("a"));
        await().atMost(Duration.ofSeconds(60)).until(() -> feed.taken().size() == 1);
        stop(feed, running);
        assertThat(feed.taken()).containsExactly("101 a of 101");
    }

    /** They may be in the dead letter queue, where a number stands for one entry. */
    @Test
    void numbersOfAProcessThatDiedAreNotUsedAgain() throws Exception {
        Pump next = startedAt(Instant.ofEpochMilli(1));
        TestFeed feed = new TestFeed(next.parsePosition("7"));
        Thread running = runs(next, feed);
        intake.put(drafts("a"));
        await().atMost(Duration.ofSeconds(60)).until(() -> feed.taken().size() == 1);
        stop(feed, running);

        assertThat(feed.taken()).containsExactly("1001 a of 1001");
    }

    /** As after an aborted Kafka transaction: nobody else has what was not made durable. */
    @Test
    void anotherFeedIsGivenAgainWhatIsNotDurable() throws Exception {
        TestFeed first = new TestFeed(null);
        Thread running = runs(first);
        intake.put(drafts("a"));
        intake.put(drafts("b", "c"));
        await().atMost(Duration.ofSeconds(60)).until(() -> first.taken().size() == 3);
        first.durable = new EntryNumber(1);
        stop(first, running);

        TestFeed second = new TestFeed(new EntryNumber(1));
        Thread again = runs(second);
        intake.put(drafts("d"));
        await().atMost(Duration.ofSeconds(60)).until(() -> second.taken().size() == 3);
        stop(second, again);

        assertThat(second.taken()).containsExactly("2 b of 3", "3 c of 3", "4 d of 4");
    }

    @Test
    void theSameFeedIsGivenNothingTwice() throws Exception {
        TestFeed feed = new TestFeed(null);
        pump.begin(feed);
        intake.put(drafts("a"));
        pump.drain(feed);
        pump.begin(feed);
        assertThat(feed.taken()).containsExactly("1 a of 1");
    }

    @Test
    void aReceiptComesWhenItIsDurableAndNotBefore() throws Exception {
        TestFeed feed = new TestFeed(null);
        Thread running = runs(feed);
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> second = new CompletableFuture<>();
        assertThat(intake.offer(drafts("a", "b"), first)).isTrue();
        assertThat(intake.offer(drafts("c"), second)).isTrue();
        await().atMost(Duration.ofSeconds(60)).until(() -> feed.taken().size() == 3);

        feed.durable = new EntryNumber(2);
        first.get(60, TimeUnit.SECONDS);
        assertThat(second).isNotDone();
        stop(feed, running);
        assertThat(second).isCompletedExceptionally();
    }

    @Test
    void whatWaitsAtTheEndIsHandedOn() throws Exception {
        TestFeed feed = new TestFeed(null);
        feed.room = false;
        Thread running = runs(feed);
        intake.put(drafts("x".repeat(2000)));
        Thread putting = Thread.ofPlatform().start(() -> {
            try {
                intake.put(drafts("last"));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await().atMost(Duration.ofSeconds(60)).until(() -> putting.getState() == Thread.State.WAITING);
        assertThat(intake.offer(drafts("refused"), null)).isFalse();

        intake.letIn();
        putting.join();
        stop(feed, running);
        assertThat(feed.taken()).hasSize(2).last().isEqualTo("2 last of 2");
    }

    @Test
    void pressureRefusesOffers() {
        TestFeed feed = new TestFeed(null);
        feed.room = false;
        Thread running = runs(feed);
        await().atMost(Duration.ofSeconds(60)).until(intake::isPressed);
        assertThat(intake.offer(drafts("a"), null)).isFalse();
        feed.room = true;
        await().atMost(Duration.ofSeconds(60)).until(() -> intake.offer(drafts("a"), null));
        stop(feed, running);
    }

    @Test
    void endsAfterTheLastIsDurable() throws Exception {
        TestFeed feed = new TestFeed(null);
        Thread running = runs(feed);
        intake.put(drafts("a"));
        intake.finish();
        await().atMost(Duration.ofSeconds(60)).until(() -> feed.taken().size() == 1);
        assertThat(running.isAlive()).isTrue();
        feed.durable = new EntryNumber(1);
        await().atMost(Duration.ofSeconds(60)).until(() -> !running.isAlive());
    }

    @Test
    void readsBackItsPositionsOnly() {
        assertThat(pump.parsePosition(new EntryNumber(42).text())).isEqualTo(new EntryNumber(42));
        for (String text : List.of("", "-1", "0/16B3748", "12a", "9999999999999999999")) {
            assertThatThrownBy(() -> pump.parsePosition(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(text);
        }
    }
}
