package io.deltaforge.engine;

/** How far a delivery's end is. Thread-safe. */
final class Ending {
    private final Wakeup wakeup = new Wakeup();
    private volatile boolean draining;
    private volatile boolean aborted;

    /** Wakes the delivery thread, here and when anything else changed that it may wait for. */
    Wakeup wakeup() {
        return wakeup;
    }

    /** No more batches will come: it ends once everything is delivered. */
    void drain() {
        draining = true;
        wakeup.call();
    }

    boolean isDraining() {
        return draining;
    }

    /** It ends at once, whatever is on the way. */
    void abort() {
        aborted = true;
        wakeup.call();
    }

    boolean isAborted() {
        return aborted;
    }
}
