package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.engine.spool.Machine;
import io.deltaforge.engine.spool.Spool;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The three threads of a backlog at once, going from memory to disk and back all the time, while the power is cut again and
 * again: whatever was promised and not acknowledged is on the disk that comes up, without a gap.
 */
class BacklogThreadsTest {
    private static final Path FOLDER = Path.of("spool");
    private static final int BATCHES = 40_000;
    private static final int MAX_IN_FLIGHT = 3;

    private final Machine machine = new Machine();
    private final Patience patience = new Patience(
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(1), new Random()),
            Duration.ofDays(1),
            Duration.ofDays(1),
            System::nanoTime);
    private final Spool spool = open(machine);
    private final SpoolingBacklog backlog = new SpoolingBacklog(
            "s",
            spool,
            new SpoolPolicy(1 << 30, SpoolPolicy.WhenFull.DROP),
            Rooms.of(500),
            patience,
            PipelineMonitor.NONE);
    private volatile int acknowledged; // written by the delivery thread
    private int movesToDisk;

    private static Spool open(Machine machine) {
        return new Spool(machine.disk(FOLDER), 2000, text -> new At(Long.parseLong(text)));
    }

    private static int transactionOf(Position commit) {
        return (int) (((At) commit).offset() / 10);
    }

    @Test
    void whatWasPromisedIsAcknowledgedOrOnDiskAtAnyMoment() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Future<?> source = threads.submit(this::offerAll);
            Future<?> sink = threads.submit(this::deliverAll);
            Future<Integer> cuts = threads.submit(this::checkpointAndCutPower);

            source.get(60, TimeUnit.SECONDS);
            sink.get(60, TimeUnit.SECONDS);
            assertThat(cuts.get(60, TimeUnit.SECONDS)).isGreaterThan(100);
        }
        assertThat(movesToDisk).isGreaterThan(50);
    }

    private void offerAll() {
        Random random = new Random(1);
        boolean onDisk = false;
        for (int n = 1; n <= BATCHES; n++) {
            Message event = At.event(n, 0, 20);
            backlog.offer(new Batch(new Event[] {event}, 1, event.sizeBytes(), At.endOf(n)));
            movesToDisk += backlog.isOnDisk() && !onDisk ? 1 : 0;
            onDisk = backlog.isOnDisk();
            if (random.nextInt(20) == 0) {
                spin(random.nextInt(20_000));
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void deliverAll() {
        Random random = new Random(2);
        Deque<Entry> inFlight = new ArrayDeque<>();
        int polled = 0;
        while (acknowledged < BATCHES) {
            Entry next = inFlight.size() < MAX_IN_FLIGHT ? backlog.poll() : null;
            if (next != null) {
                polled++;
                assertThat(next.batch().event(0).transaction().id())
                        .as("the next in order")
                        .isEqualTo(polled);
                inFlight.add(next);
            }
            if (!inFlight.isEmpty() && random.nextInt(3) == 0) {
                spin(random.nextInt(500));
                Entry head = inFlight.remove();
                // told first: what is acknowledged need not be on disk
                acknowledged++;
                backlog.delivered(head);
            }
        }
    }

    private int checkpointAndCutPower() {
        Random random = new Random(3);
        int cuts = 0;
        Position promised = null;
        while (acknowledged < BATCHES) {
            int checkpoint = acknowledged;
            Position held = backlog.sync();
            promised = held == null ? promised : held;
            Machine after = machine.cutPower(random);
            int acknowledgedByThen = acknowledged;
            if (promised != null && transactionOf(promised) > acknowledgedByThen) {
                cuts++;
                assertHolds(after, acknowledgedByThen + 1, transactionOf(promised));
            }
            // entries are numbered as the transactions are
            backlog.checkpointed(checkpoint);
        }
        return cuts;
    }

    private static void assertHolds(Machine machine, int from, int to) {
        Spool left = open(machine);
        List<Integer> transactions = new ArrayList<>();
        for (Entry entry = left.read(); entry != null; entry = left.read()) {
            transactions.add((int) entry.batch().event(0).transaction().id());
            left.consumed(entry);
        }
        assertThat(transactions).isNotEmpty();
        assertThat(transactions.getFirst()).as("the first on disk").isLessThanOrEqualTo(from);
        assertThat(transactions.getLast()).as("the last on disk").isGreaterThanOrEqualTo(to);
        assertThat(transactions).hasSize(transactions.getLast() - transactions.getFirst() + 1);
    }

    private static void spin(int times) {
        for (int i = 0; i < times; i++) {
            Thread.onSpinWait();
        }
    }
}
