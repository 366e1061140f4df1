package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.engine.spool.Machine;
import io.deltaforge.engine.spool.Spool;
import io.deltaforge.engine.spool.SpoolException;
import io.deltaforge.event.Event;
import io.deltaforge.event.Message;
import io.deltaforge.event.Position;
import io.deltaforge.reliability.Backoff;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.SpoolPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * A sink's backlog on a machine whose power is cut in the middle of anything: what the source was told to forget is always
 * in the sink, or on the disk that comes up again, and what the sink gets never skips.
 */
class BacklogCrashTest {
    private static final Path FOLDER = Path.of("spool");
    private static final int EVENT_BYTES = 100;
    private static final int MAX_IN_FLIGHT = 3;

    /** What may happen. Numbers count operations of the disk until the power goes. */
    sealed interface Step {
        record Offer(int batches) implements Step {}

        record Poll() implements Step {}

        record Acknowledge() implements Step {}

        record Fail() implements Step {}

        record SaveCheckpoint() implements Step {}

        record LongWait() implements Step {}

        record PowerCut(long chance) implements Step {}

        record PowerCutAfter(int operations) implements Step {}
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> step = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(8, Arbitraries.integers().between(1, 6).map(Step.Offer::new)),
                net.jqwik.api.Tuple.of(10, Arbitraries.create(Step.Poll::new)),
                net.jqwik.api.Tuple.of(10, Arbitraries.create(Step.Acknowledge::new)),
                net.jqwik.api.Tuple.of(1, Arbitraries.create(Step.Fail::new)),
                net.jqwik.api.Tuple.of(4, Arbitraries.create(Step.SaveCheckpoint::new)),
                net.jqwik.api.Tuple.of(2, Arbitraries.create(Step.LongWait::new)),
                net.jqwik.api.Tuple.of(1, Arbitraries.longs().map(Step.PowerCut::new)),
                net.jqwik.api.Tuple.of(1, Arbitraries.integers().between(0, 12).map(Step.PowerCutAfter::new)));
        return step.list().ofMinSize(20).ofMaxSize(200);
    }

    @Property(tries = 2000)
    void nothingIsLostAndNothingSkipped(@ForAll("steps") List<Step> steps, @ForAll int piecesSeed) {
        World world = new World(new Random(piecesSeed));
        for (Step step : steps) {
            world.run(step);
        }
        world.powerCut(piecesSeed);
        world.deliverAll();

        assertThat(world.acknowledged).isEqualTo(world.given);
    }

    /** What lives through power cuts, and what does not. */
    private static final class World {
        private final Random random;
        private Machine machine = new Machine();
        private long nanos;

        /** The log: each batch once, with the number of its first event. */
        private final List<Batch> log = new ArrayList<>();

        /** Index in the log of the next batch to offer. */
        private int cursor;

        private Position checkpoint;
        private Position forgotten;

        private SpoolingBacklog backlog;
        private AlreadyHeld alreadyHeld;
        private final Deque<Sent> inFlight = new ArrayDeque<>();
        private Position reached;
        private long reachedNumber;

        private boolean polledSinceStart;
        private long lastPolled;
        private int lastWritten = -1;
        private int lastAcknowledged = -1;
        final List<Integer> given = new ArrayList<>();
        final List<Integer> acknowledged = new ArrayList<>();

        private record Sent(Entry entry, Batch fresh) {}

        World(Random random) {
            this.random = random;
            open();
        }

        private void open() {
            Patience patience = new Patience(
                    new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), random),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    () -> nanos);
            Spool spool = new Spool(machine.disk(FOLDER), 600, text -> new At(Long.parseLong(text)));
            Position held = spool.held();
            if (held != null && checkpoint != null && (checkpoint.equals(held) || checkpoint.covers(held))) {
                spool.clear();
            }
            RoomShare room = Rooms.of(800);
            backlog = new SpoolingBacklog(
                    "s",
                    spool,
                    new SpoolPolicy(1 << 20, SpoolPolicy.WhenFull.PAUSE),
                    room,
                    patience,
                    PipelineMonitor.NONE);
            alreadyHeld = new AlreadyHeld(checkpoint);
            inFlight.clear();
            polledSinceStart = false;
            reached = checkpoint;
            reachedNumber = 0;
            // the source starts at what the sink holds, and cannot start before what it has forgotten
            Position from = further(checkpoint, held);
            if (forgotten != null) {
                assertThat(from).as("a start that the log still has").isNotNull();
                assertThat(((At) from).offset()).isGreaterThanOrEqualTo(((At) forgotten).offset());
            }
            cursor = 0;
            while (cursor < log.size()
                    && from != null
                    && from.covers(log.get(cursor).event(0).position())) {
                cursor++;
            }
        }

        private static Position further(Position one, Position other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return one.earliest(other).equals(one) ? other : one;
        }

        /** A transaction in up to three pieces, of which only the last may be committed. */
        private void growLog() {
            int transaction = log.isEmpty()
                    ? 1
                    : 1 + (int) log.getLast().event(0).transaction().id();
            int pieces = 1 + random.nextInt(3);
            for (int i = 0; i < pieces; i++) {
                Message event = At.event(transaction, i, EVENT_BYTES);
                Message numbered = new Message(
                        event.transaction(), log.size(), i, true, "p", new byte[random.nextInt(EVENT_BYTES)]);
                given.add(log.size());
                Position commit = i == pieces - 1 ? At.endOf(transaction) : null;
                log.add(new Batch(new Event[] {numbered}, 1, numbered.sizeBytes(), commit));
            }
        }

        void run(Step step) {
            try {
                switch (step) {
                    case Step.Offer offer -> offer(offer.batches);
                    case Step.Poll poll -> poll();
                    case Step.Acknowledge acknowledge -> acknowledge();
                    case Step.Fail fail -> sendAgain();
                    case Step.SaveCheckpoint save -> saveCheckpoint();
                    case Step.LongWait wait -> nanos += Duration.ofSeconds(2).toNanos();
                    case Step.PowerCut cut -> powerCut(cut.chance);
                    case Step.PowerCutAfter after -> machine.failAfter(after.operations);
                }
            } catch (SpoolException e) {
                if (!machine.hasFailed()) {
                    throw e;
                }
                powerCut(step.hashCode());
            }
        }

        private void offer(int batches) {
            for (int i = 0; i < batches; i++) {
                if (cursor == log.size()) {
                    growLog();
                }
                backlog.offer(log.get(cursor++));
            }
        }

        private void poll() {
            Entry entry = inFlight.size() < MAX_IN_FLIGHT ? backlog.poll() : null;
            if (entry != null) {
                Batch fresh = alreadyHeld.without(entry.batch());
                inFlight.add(new Sent(entry, fresh));
                if (polledSinceStart && fresh.size() > 0) {
                    assertThat(fresh.event(0).lsn()).as("each once").isEqualTo(lastPolled + 1);
                }
                if (fresh.size() > 0) {
                    polledSinceStart = true;
                    lastPolled = fresh.event(fresh.size() - 1).lsn();
                }
                write(fresh);
            }
        }

        private void write(Batch fresh) {
            for (int i = 0; i < fresh.size(); i++) {
                int event = (int) fresh.event(i).lsn();
                assertThat(event).as("after %d comes", lastWritten).isLessThanOrEqualTo(lastWritten + 1);
                lastWritten = event;
            }
        }

        private void sendAgain() {
            for (Sent sent : inFlight) {
                write(sent.fresh);
            }
        }

        private void acknowledge() {
            Sent sent = inFlight.poll();
            if (sent == null) {
                return;
            }
            Batch batch = sent.fresh;
            for (int i = 0; i < batch.size(); i++) {
                int event = (int) batch.event(i).lsn();
                if (event > lastAcknowledged) {
                    acknowledged.add(event);
                    lastAcknowledged = event;
                }
            }
            if (batch.commit() != null) {
                reached = batch.commit();
                reachedNumber = sent.entry.number();
            }
            backlog.delivered(sent.entry);
        }

        private void saveCheckpoint() {
            Position taken = reached;
            long takenNumber = reachedNumber;
            Position spooled = backlog.sync();
            checkpoint = taken;
            forgotten = further(forgotten, further(checkpoint, spooled));
            backlog.checkpointed(takenNumber);
        }

        void powerCut(long chance) {
            machine = machine.cutPower(new Random(chance));
            open();
        }

        void deliverAll() {
            while (cursor < log.size() || !inFlight.isEmpty() || !backlog.isEmpty()) {
                if (cursor < log.size()) {
                    offer(1);
                }
                poll();
                acknowledge();
                saveCheckpoint();
            }
        }
    }

    @Test
    void theModelDeliversWithoutAnyTrouble() {
        World world = new World(new Random(1));
        IntStream.range(0, 100).forEach(i -> world.run(new Step.Offer(1)));
        world.deliverAll();

        assertThat(world.acknowledged).isEqualTo(world.given).hasSizeGreaterThan(99);
    }
}
