package io.deltaforge.engine;

import io.deltaforge.checkpoint.CheckpointKey;
import io.deltaforge.checkpoint.CheckpointStore;
import io.deltaforge.event.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final CommitGate gate;
    private final PipelineMonitor monitor;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final @Nullable Position[] reached;
    private final long[] reachedEvents;
    private final @Nullable Position[] saved;
    private final long[] savedEvents;
    private volatile @Nullable Position durable;
    private boolean dirty;
    private boolean closing;

    /** @param restored for each sink the checkpoint that the store holds, or {@code null} */
    Checkpoints(
            CheckpointStore store,
            List<CheckpointKey> keys,
            @Nullable Position[] restored,
            CommitGate gate,
            PipelineMonitor monitor) {
        this.store = store;
        this.keys = List.copyOf(keys);
        this.gate = gate;
        this.monitor = monitor;
        this.reached = restored.clone();
        this.saved = restored.clone();
        this.reachedEvents = new long[restored.length];
        this.savedEvents = new long[restored.length];
        this.durable = gate.durable(saved);
    }

    /**
     * The sink holds everything up to here.
     *
     * @param events how many events of the feed that makes, since the start
     */
    void reached(int sink, Position position, long events) {
        lock.lock();
        try {
            reached[sink] = position;
            reachedEvents[sink] = events;
            dirty = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** What the source may forget; {@code null} when nothing. */
    @Nullable
    Position durable() {
        return durable;
    }

    /** Where a source must start to serve every sink; {@code null} when no sink has a checkpoint. */
    @Nullable
    Position lowest() {
        lock.lock();
        try {
            Position lowest = null;
            for (Position position : saved) {
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
            return saved[sink];
        } finally {
            lock.unlock();
        }
    }

    long savedEvents(int sink) {
        lock.lock();
        try {
            return savedEvents[sink];
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
        long startNanos = System.nanoTime();
        Map<CheckpointKey, String> positions = new HashMap<>();
        List<@Nullable Position> taken;
        long[] takenEvents;
        lock.lock();
        try {
            dirty = false;
            taken = new ArrayList<>(Arrays.asList(reached));
            takenEvents = reachedEvents.clone();
            for (int i = 0; i < saved.length; i++) {
                Position position = taken.get(i);
                if (position != null && !position.equals(saved[i])) {
                    positions.put(keys.get(i), position.text());
                }
            }
        } finally {
            lock.unlock();
        }
        if (!positions.isEmpty()) {
            store.save(positions);
            monitor.checkpointSaved(System.nanoTime() - startNanos);
        }
        // Invariant 1: only now, after the store has synced, does the source get to see it
        lock.lock();
        try {
            for (int i = 0; i < saved.length; i++) {
                saved[i] = taken.get(i);
                savedEvents[i] = takenEvents[i];
            }
            durable = gate.durable(saved);
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
