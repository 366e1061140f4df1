package io.deltaforge.engine;

import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.CheckpointStore;
import io.deltaforge.event.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a pipeline's sinks. Deliveries say how far they got; a thread of its own makes that durable, many
 * steps in one sync when they come fast; only then may the source forget (invariant 1). Thread-safe.
 */
final class Checkpoints implements Runnable {
    /** Between two saves, so that a busy pipeline does not keep the disk syncing; more only delays the source's forgetting. */
    private static final Duration SPACING = Duration.ofMillis(100);

    private final CheckpointStore store;
    private final List<CheckpointKey> keys;
    private final List<Backlog> backlogs;
    private final CommitGate gate;
    private final PipelineMonitor monitor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Reached[] reached;
    private final Reached[] saved;
    private final @Nullable Position[] held;
    private volatile @Nullable Position durable;
    private volatile Runnable everySinkHolds = () -> {};
    private boolean everySinkHeld;
    private boolean dirty;
    private boolean closing;

    /**
     * How far a sink got.
     *
     * @param events how many that makes, since the start
     * @param number of the entry in its backlog
     */
    private record Reached(@Nullable Position position, long events, long number) {}

    /** @param restored for each sink the checkpoint that the store holds, or {@code null} */
    Checkpoints(
            CheckpointStore store,
            List<CheckpointKey> keys,
            @Nullable Position[] restored,
            List<Backlog> backlogs,
            CommitGate gate,
            PipelineMonitor monitor) {
        this.store = store;
        this.keys = List.copyOf(keys);
        this.gate = gate;
        this.monitor = monitor;
        this.backlogs = List.copyOf(backlogs);
        this.reached = new Reached[restored.length];
        this.saved = new Reached[restored.length];
        this.held = new @Nullable Position[restored.length];
        for (int i = 0; i < restored.length; i++) {
            reached[i] = new Reached(restored[i], 0, 0);
            saved[i] = reached[i];
            held[i] = latest(restored[i], backlogs.get(i).held());
        }
        Position lowest = lowest();
        for (int i = 0; i < held.length; i++) {
            if (held[i] == null) {
                held[i] = lowest; // a sink that joins begins where the slowest of the others stands
            }
        }
        this.durable = gate.durable(restored, held);
    }

    private static @Nullable Position latest(@Nullable Position one, @Nullable Position other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.earliest(other).equals(one) ? other : one;
    }

    /**
     * The sink holds everything up to here.
     *
     * @param events how many that makes, since the start
     * @param number of the entry in its backlog
     */
    void reached(int sink, Position position, long events, long number) {
        lock.lock();
        try {
            reached[sink] = new Reached(position, events, number);
            dirty = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A backlog has something to sync. */
    void spooled() {
        lock.lock();
        try {
            dirty = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The sink itself says what it holds; its word counts when it is further than what the store knew.
     *
     * @see io.deltaforge.spi.TransactionalSink
     */
    void told(int sink, Position position) {
        lock.lock();
        try {
            Reached before = reached[sink];
            Position further = latest(before.position, position);
            reached[sink] = new Reached(further, before.events, before.number);
            held[sink] = latest(held[sink], further);
            dirty = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** How far the sink got, durable here or not. */
    @Nullable
    Position known(int sink) {
        lock.lock();
        try {
            return reached[sink].position;
        } finally {
            lock.unlock();
        }
    }

    /** Calls this once every sink holds something. */
    void onEverySinkHolds(Runnable listener) {
        everySinkHolds = listener;
    }

    /**
     * True when a checkpoint of this sink's own may lie beyond that of the others: as long as one of them holds nothing, it
     * would miss what lies before, because a restart begins at the lowest position held.
     */
    boolean othersHold(int sink) {
        lock.lock();
        try {
            for (int i = 0; i < held.length; i++) {
                if (i != sink && held[i] == null) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What the source may forget; {@code null} when nothing. */
    @Nullable
    Position durable() {
        return durable;
    }

    /** What every sink holds, by its checkpoint or on disk in its spool; {@code null} while one of them holds nothing. */
    @Nullable
    Position heldByAll() {
        lock.lock();
        try {
            return CommitGate.lowest(held);
        } finally {
            lock.unlock();
        }
    }

    /** Where a source must start to serve every sink; {@code null} when no sink holds anything. */
    @Nullable
    Position lowest() {
        lock.lock();
        try {
            Position lowest = null;
            for (Position position : held) {
                if (position != null) {
                    lowest = lowest == null ? position : lowest.earliest(position);
                }
            }
            return lowest;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Position saved(int sink) {
        lock.lock();
        try {
            return saved[sink].position;
        } finally {
            lock.unlock();
        }
    }

    long savedEvents(int sink) {
        lock.lock();
        try {
            return saved[sink].events;
        } finally {
            lock.unlock();
        }
    }

    /** Saves whenever something was reached, until {@link #close}; then once more. */
    @Override
    public void run() {
        while (awaitWork()) {
            save();
        }
    }

    /** Ends {@link #run} after a last save. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitWork() {
        lock.lock();
        try {
            while (!dirty && !closing) {
                changed.awaitUninterruptibly();
            }
            return dirty;
        } finally {
            lock.unlock();
        }
    }

    private void save() {
        Reached[] taken = take();
        @Nullable Position[] spooled = new @Nullable Position[taken.length];
        for (int i = 0; i < taken.length; i++) {
            spooled[i] = backlogs.get(i).sync();
        }
        // Invariant 1: a restart begins at the lowest position held. While a sink holds nothing, there must be none of
        // the
        // others', or that sink would miss what lies before it
        if (everySinkHolds(taken, spooled)) {
            saveChanged(taken);
            // and only now, after spools and store have synced, does the source get to see it
            publish(taken, spooled);
            if (!everySinkHeld) {
                everySinkHeld = true;
                everySinkHolds.run();
            }
            for (int i = 0; i < taken.length; i++) {
                backlogs.get(i).checkpointed(taken[i].number);
            }
        }
        awaitSpacing();
    }

    private static boolean everySinkHolds(Reached[] taken, @Nullable Position[] spooled) {
        for (int i = 0; i < taken.length; i++) {
            if (taken[i].position == null && spooled[i] == null) {
                return false;
            }
        }
        return true;
    }

    private Reached[] take() {
        lock.lock();
        try {
            dirty = false;
            return reached.clone();
        } finally {
            lock.unlock();
        }
    }

    private void saveChanged(Reached[] taken) {
        long startNanos = System.nanoTime();
        Map<CheckpointKey, String> positions = new HashMap<>();
        for (int i = 0; i < taken.length; i++) {
            Position position = taken[i].position;
            if (position != null && !position.equals(saved[i].position)) {
                positions.put(keys.get(i), position.text());
            }
        }
        if (!positions.isEmpty()) {
            store.save(positions);
            monitor.checkpointSaved(System.nanoTime() - startNanos);
        }
    }

    private void publish(Reached[] taken, @Nullable Position[] spooled) {
        @Nullable Position[] checkpoints = new @Nullable Position[taken.length];
        lock.lock();
        try {
            for (int i = 0; i < taken.length; i++) {
                saved[i] = taken[i];
                checkpoints[i] = taken[i].position;
                held[i] = latest(checkpoints[i], spooled[i]);
            }
            durable = gate.durable(checkpoints, held);
        } finally {
            lock.unlock();
        }
    }

    private void awaitSpacing() {
        lock.lock();
        try {
            long leftNanos = SPACING.toNanos();
            while (!closing && leftNanos > 0) {
                leftNanos = changed.awaitNanos(leftNanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
