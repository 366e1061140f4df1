package io.deltaforge.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** One run of DeltaForge as a user runs it, a process of its own, until it has delivered a number of events. */
final class Drain {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration GIVE_UP = Duration.ofMinutes(15);

    private Drain() {}

    /**
     * What a drain cost.
     *
     * @param wall from the start of the process until the last acknowledgement
     * @param draining from the first acknowledgement until the last
     * @param drained the events acknowledged in {@code draining}
     * @param allocatedBytes by the whole process, as far as its collector has seen; 0 when it never ran
     * @param warnings what it logged above INFO: a figure beside which something failed means little
     */
    record Result(
            Duration wall,
            Duration draining,
            long drained,
            Measured cost,
            long allocatedBytes,
            List<String> warnings) {}

    static Result run(Path pipelineFile, Path directory, long events) throws IOException {
        long startNanos = System.nanoTime();
        try (Run run = Run.start(pipelineFile, directory)) {
            long firstNanos = 0;
            long firstCount = 0;
            while (true) {
                if (!run.isAlive() || System.nanoTime() - startNanos > GIVE_UP.toNanos()) {
                    throw new IOException("the run ended early; its log:\n" + run.log());
                }
                long delivered = run.metric("deltaforge_sink_events_total");
                long nowNanos = System.nanoTime();
                if (firstCount == 0 && delivered > 0) {
                    firstCount = delivered;
                    firstNanos = nowNanos;
                }
                if (delivered >= events) {
                    return new Result(
                            Duration.ofNanos(nowNanos - startNanos),
                            Duration.ofNanos(nowNanos - firstNanos),
                            delivered - firstCount,
                            Measured.of(run.pid()),
                            run.metric("jvm_gc_memory_allocated_bytes_total"),
                            run.warnings());
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }
}
