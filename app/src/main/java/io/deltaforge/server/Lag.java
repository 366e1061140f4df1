package io.deltaforge.server;

import io.deltaforge.engine.PipelineStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How far behind the source's log a pipeline is, in seconds; 0 when it is not, or when clocks disagree. */
final class Lag {
    private Lag() {}

    /** Of the newest event that was read, while there is more to read. */
    static double sourceSeconds(PipelineStatus status, Instant now) {
        return status.sourceLagBytes() == 0 ? 0 : seconds(status.newestCommitMicros(), now);
    }

    /** Of the oldest event that is not delivered yet. */
    static double sinkSeconds(PipelineStatus.SinkStatus sink, Instant now) {
        return seconds(sink.oldestPendingCommitMicros(), now);
    }

    private static double seconds(long commitMicros, Instant now) {
        if (commitMicros == 0) {
            return 0;
        }
        Instant commit = Instant.EPOCH.plus(commitMicros, ChronoUnit.MICROS);
        return Math.max(0, ChronoUnit.MILLIS.between(commit, now) / 1e3);
    }
}
