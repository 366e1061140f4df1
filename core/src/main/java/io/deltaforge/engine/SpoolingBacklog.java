package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.engine.spool.Spool;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.SpoolPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In memory while the sink keeps up, on disk while it does not: for a sink that nobody waits for.
 *
 * <p>The place changes only on the source thread, which alone adds, so a batch never finds itself in the place that was
 * just left. To disk: the queue in memory is emptied in the same moment in which what was polled is noted, and all of it is
 * written before anything newer; the delivery thread meanwhile finds nothing. Back to memory: only when everything on disk
 * was polled, which stays so until the source thread adds.
 */
final class SpoolingBacklog implements Backlog {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolingBacklog.class);

    /** A full spool takes on again when this much of it is free, lest it fill and empty with every file deleted. */
    private static final int FREE_FRACTION = 8;

    /** While batches are dropped, the spool says so once in this time, and the position moves on. */
    private static final long SKIP_RECORD_NANOS = Duration.ofSeconds(1).toNanos();

    private final String sink;
    private final Spool spool;
    private final SpoolPolicy policy;
    private final RoomShare room;
    private final Patience patience;
    private final PipelineMonitor monitor;

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock, as is all down to the next comment. */
    private final Deque<Entry> memory = new ArrayDeque<>();

    /** Polled and not delivered. */
    private final Deque<Entry> polled = new ArrayDeque<>();

    /** Of both. */
    private long memoryBytes;

    private long memoryEvents;

    /** Since when something waits and nothing was acknowledged. */
    private long waitingSinceNanos;

    /** Of what waits on disk, or of what was read from there last; 0 when nothing is known of it. */
    private long oldestOnDiskMicros;

    private boolean pausing;

    /** Written by the source thread, read by any. */
    private volatile Place place;

    private volatile long acceptedEvents;
    private volatile long skippedEvents;

    /** Confined to the source thread. */
    private final AlreadyHeld alreadySpooled;

    private long nextNumber;

    /** Where the next batch goes. */
    private sealed interface Place {
        record Memory() implements Place {}

        record Disk() implements Place {}

        /**
         * Nowhere: the disk's bound is reached.
         *
         * @param events skipped since
         * @param unrecorded those of them that the spool does not tell of yet
         * @param commit the newest position among these
         * @param betweenTransactions whether the last batch dropped ended a transaction
         */
        record Full(
                long events,
                long unrecorded,
                @Nullable Position commit,
                boolean betweenTransactions,
                long recordedNanos)
                implements Place {}
    }

    /** @param room its bound is also that of the memory here; room is taken of it only to pause the source */
    SpoolingBacklog(
            String sink, Spool spool, SpoolPolicy policy, RoomShare room, Patience patience, PipelineMonitor monitor) {
        this.sink = sink;
        this.spool = spool;
        this.policy = policy;
        this.room = room;
        this.patience = patience;
        this.monitor = monitor;
        nextNumber = spool.lastNumber() + 1;
        acceptedEvents = spool.unreadEvents();
        boolean empty = spool.allRead();
        place = empty ? new Place.Memory() : new Place.Disk();
        alreadySpooled = new AlreadyHeld(empty ? null : spool.held());
        if (!empty) {
            Entry oldest = spool.read();
            oldestOnDiskMicros = oldest == null ? 0 : Backlog.oldestCommitMicros(List.of(oldest));
            LOG.info("sink {}: {} events wait on disk since before the start", sink, acceptedEvents);
        }
    }

    @Override
    public boolean offer(Batch batch) {
        Batch fresh = alreadySpooled.without(batch);
        if (fresh.size() == 0 && fresh.commit() == null) {
            return false;
        }
        place = placeFor(fresh);
        switch (place) {
            case Place.Memory memory -> remember(fresh);
            case Place.Disk disk -> store(fresh);
            case Place.Full full -> place = drop(full, fresh);
        }
        return !(place instanceof Place.Memory);
    }

    private Place placeFor(Batch batch) {
        return switch (place) {
            case Place.Memory memory -> keepsUp() ? memory : toDisk();
            case Place.Disk disk when spool.allRead() -> toMemory();
            case Place.Disk disk -> fits(batch) ? disk : full();
            case Place.Full full -> full.betweenTransactions && hasSpaceAgain() ? toDisk(full) : full;
        };
    }

    private boolean keepsUp() {
        lock.lock();
        try {
            boolean waits = !memory.isEmpty() || !polled.isEmpty();
            return !waits
                    || (memoryBytes < room.maxBytes()
                            && memoryEvents < room.maxEvents()
                            && now() - waitingSinceNanos
                                    < patience.beforeSpooling().toNanos());
        } finally {
            lock.unlock();
        }
    }

    private Place toDisk() {
        List<Entry> undelivered;
        long readFrom;
        lock.lock();
        try {
            undelivered = new ArrayList<>(polled);
            undelivered.addAll(memory);
            readFrom = memory.isEmpty() ? nextNumber : memory.getFirst().number();
            oldestOnDiskMicros = Backlog.oldestCommitMicros(memory);
            for (Entry entry : memory) {
                forget(entry);
            }
            memory.clear();
        } finally {
            lock.unlock();
        }
        LOG.info("sink {} does not keep up: its batches wait on disk from now on, the others go on without it", sink);
        spool.begin(undelivered, readFrom);
        return new Place.Disk();
    }

    private Place toMemory() {
        spool.end();
        LOG.info("sink {} has caught up with what waited on disk", sink);
        return new Place.Memory();
    }

    private boolean fits(Batch batch) {
        return policy.whenFull() == SpoolPolicy.WhenFull.PAUSE
                || batch.size() == 0
                || spool.bytes() + batch.sizeBytes() <= policy.maxBytes();
    }

    private boolean hasSpaceAgain() {
        return spool.allRead() || spool.bytes() <= policy.maxBytes() - policy.maxBytes() / FREE_FRACTION;
    }

    private Place full() {
        LOG.error(
                "sink {}: its spool is full (spool.max_bytes: {}); it misses what is read from now on until it has taken"
                        + " some. Mend the sink; spool.when_full: pause would stop the source instead",
                sink,
                policy.maxBytes());
        return new Place.Full(0, 0, null, false, now());
    }

    private Place toDisk(Place.Full full) {
        Place.Full recorded = record(full);
        LOG.error(
                "sink {}: {} events were skipped while its spool was full; it goes on after them",
                sink,
                recorded.events);
        return new Place.Disk();
    }

    private void remember(Batch batch) {
        Entry entry = accept(batch);
        lock.lock();
        try {
            if (memory.isEmpty() && polled.isEmpty()) {
                waitingSinceNanos = now();
            }
            memory.add(entry);
            memoryBytes += batch.sizeBytes();
            memoryEvents += batch.size();
        } finally {
            lock.unlock();
        }
    }

    private void store(Batch batch) {
        Entry entry = accept(batch);
        spool.append(entry);
        lock.lock();
        try {
            if (oldestOnDiskMicros == 0) {
                oldestOnDiskMicros = Backlog.oldestCommitMicros(List.of(entry));
            }
            if (!pausing
                    && policy.whenFull() == SpoolPolicy.WhenFull.PAUSE
                    && spool.bytes() >= policy.maxBytes()
                    && !spool.allRead()) {
                pausing = true;
                room.takeAll();
                LOG.warn(
                        "sink {}: its spool is full (spool.max_bytes: {}); the source waits until it has taken some",
                        sink,
                        policy.maxBytes());
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private Entry accept(Batch batch) {
        acceptedEvents += batch.size();
        return new Entry(nextNumber++, batch);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private Place drop(Place.Full full, Batch batch) {
        Position commit = batch.commit();
        Place.Full next = new Place.Full(
                full.events + batch.size(),
                full.unrecorded + batch.size(),
                commit != null ? commit : full.commit,
                commit != null,
                full.recordedNanos);
        if (batch.size() > 0) {
            skippedEvents += batch.size();
            monitor.eventsSkipped(sink, batch.size());
        }
        return now() - full.recordedNanos >= SKIP_RECORD_NANOS ? record(next) : next;
    }

    /** The spool's end moves past what was skipped, or the source would keep it for a sink that will not get it. */
    private Place.Full record(Place.Full full) {
        if (full.commit != null) {
            spool.skip(nextNumber++, full.unrecorded, full.commit);
        }
        return new Place.Full(full.events, 0, null, full.betweenTransactions, now());
    }

    @Override
    public @Nullable Entry poll() {
        lock.lock();
        try {
            Entry entry = memory.poll();
            if (entry != null) {
                polled.add(entry);
                return entry;
            }
        } finally {
            lock.unlock();
        }
        Entry entry = spool.read();
        if (entry == null) {
            return null;
        }
        lock.lock();
        try {
            // in one step: once the spool is all read, the place may change, and then polled must tell of this one
            polled.add(entry);
            memoryBytes += entry.batch().sizeBytes();
            memoryEvents += entry.batch().size();
            spool.consumed(entry);
            oldestOnDiskMicros = Math.max(oldestOnDiskMicros, Backlog.oldestCommitMicros(List.of(entry)));
        } finally {
            lock.unlock();
        }
        return entry;
    }

    @Override
    public void delivered(Entry entry) {
        lock.lock();
        try {
            polled.remove();
            forget(entry);
            waitingSinceNanos = now();
        } finally {
            lock.unlock();
        }
        goOnIfSpace();
    }

    private void goOnIfSpace() {
        lock.lock();
        try {
            if (pausing && hasSpaceAgain()) {
                pausing = false;
                room.giveAllBack();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void forget(Entry entry) {
        memoryBytes -= entry.batch().sizeBytes();
        memoryEvents -= entry.batch().size();
    }

    private long now() {
        return patience.nanoClock().getAsLong();
    }

    @Override
    public boolean isEmpty() {
        lock.lock();
        try {
            return memory.isEmpty() && spool.allRead();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isOnDisk() {
        return !(place instanceof Place.Memory);
    }

    @Override
    public long acceptedEvents() {
        return acceptedEvents;
    }

    @Override
    public long oldestCommitMicros() {
        lock.lock();
        try {
            for (Deque<Entry> entries : List.of(polled, memory)) {
                long oldest = Backlog.oldestCommitMicros(entries);
                if (oldest != 0) {
                    return oldest;
                }
            }
            return spool.allRead() ? 0 : oldestOnDiskMicros;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Position held() {
        return spool.held();
    }

    @Override
    public @Nullable Position sync() {
        return spool.sync();
    }

    @Override
    public void checkpointed(long number) {
        spool.trim(number);
        goOnIfSpace();
    }

    @Override
    public Spooled spooled() {
        return new Spooled(spool.unreadEvents(), spool.bytes(), skippedEvents);
    }

    @Override
    public void close() {
        spool.close();
    }
}
