package io.deltaforge.cli.sandbox;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Counts the changes that arrived, those of the shop's trade apart from those of others. Confined to one thread. */
public final class Arrivals {
    private static final int LONGEST_MILLIS = 60_000;

    private final Map<String, Long> newestLsn = new HashMap<>();
    private final Map<String, Long> perTable = new HashMap<>();
    private final long[] perMillis = new long[LONGEST_MILLIS + 1];
    private long traded;
    private long repeated;
    private long others;
    private Duration newestLatency = Duration.ZERO;

    /** @param isTrade whether the workload made the change, whose changes of a table arrive in the log's order */
    public void add(ChangeEvent event, boolean isTrade, Instant arrived) {
        if (!isTrade) {
            others++;
            return;
        }
        if (event.lsn() <= newestLsn.getOrDefault(event.table(), -1L)) {
            repeated++; // delivery is at least once
            return;
        }
        newestLsn.put(event.table(), event.lsn());
        perTable.merge(event.table(), 1L, Long::sum);
        traded++;
        newestLatency = Duration.between(event.committed(), arrived);
        perMillis[Math.clamp(newestLatency.toMillis(), 0, LONGEST_MILLIS)]++;
    }

    /** The trade's changes, each counted once. */
    public long traded() {
        return traded;
    }

    public long traded(String table) {
        return perTable.getOrDefault(table, 0L);
    }

    /** The trade's changes that arrived once more. */
    public long repeated() {
        return repeated;
    }

    /** Changes that someone else made. */
    public long others() {
        return others;
    }

    /** From the commit of the newest change until it was read. */
    public Duration newestLatency() {
        return newestLatency;
    }

    /** The time from commit to consumer within which this share of the changes arrived. */
    public Duration latency(double share) {
        long wanted = (long) Math.ceil(share * traded);
        int millis = 0;
        for (long sum = perMillis[0]; sum < wanted && millis < LONGEST_MILLIS; ) {
            millis++;
            sum += perMillis[millis];
        }
        return Duration.ofMillis(millis);
    }
}
