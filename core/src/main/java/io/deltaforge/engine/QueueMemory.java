package io.deltaforge.engine;

/**
 * How much of the heap the sinks of a process may take together, however many there are (invariant 3): their queues, and what
 * is encoded and on the way. The rest is for what sources have read, and for the young generation.
 *
 * @param heapBytes the most that the JVM will use
 * @param sinks of all pipelines, at least 1
 */
public record QueueMemory(long heapBytes, int sinks) {
    private static final double QUEUES_PART = 0.4;
    private static final double SENDS_PART = 0.2;
    /** The serial collector keeps one of its survivor spaces, a tenth of the young generation, empty, and does not count it. */
    private static final double USABLE_PART = 0.96;
    /** A queue below that would stop the source at every batch. */
    static final long LEAST_QUEUE_BYTES = 1L << 20;

    public QueueMemory {
        if (heapBytes < 1 || sinks < 1) {
            throw new IllegalArgumentException("heapBytes and sinks must be at least 1");
        }
    }

    /** For each sink. */
    public long queueMaxBytes() {
        long share = (long) (heapBytes * QUEUES_PART) / sinks;
        return Math.max(LEAST_QUEUE_BYTES, Math.min(share, PipelineSpec.DEFAULT_QUEUE_MAX_BYTES));
    }

    /** What each sink may hold of what it is sending. */
    public long sendMaxBytes() {
        return Math.min((long) (heapBytes * SENDS_PART) / sinks, PipelineSpec.DEFAULT_SEND_MAX_BYTES);
    }

    /** True when the sinks have smaller queues than they would have alone. */
    public boolean isScarce() {
        return queueMaxBytes() < PipelineSpec.DEFAULT_QUEUE_MAX_BYTES;
    }

    /** False when the heap cannot hold even the smallest queues. */
    public boolean suffices() {
        return heapBytes >= heapBytesFor(LEAST_QUEUE_BYTES);
    }

    /** The {@code -Xmx} with which every sink would have a queue of the usual size. */
    public long ampleHeapBytes() {
        return (long) (heapBytesFor(PipelineSpec.DEFAULT_QUEUE_MAX_BYTES) / USABLE_PART);
    }

    private long heapBytesFor(long queueBytes) {
        return (long) (sinks * queueBytes / QUEUES_PART);
    }
}
