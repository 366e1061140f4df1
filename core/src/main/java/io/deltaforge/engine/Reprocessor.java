package io.deltaforge.engine;

import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.reliability.Replay;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.JournalPolicy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters to their sink again by itself, a round every interval, in slices between live batches so that these are
 * not held up. Confined to the delivery thread.
 */
final class Reprocessor {
    private static final long SLICE_NANOS = Duration.ofMillis(50).toNanos();
    /** Live batches that wait get this many times as long as a slice took. */
    private static final int LIVE_SHARE = 4;

    private final String sink;
    private final DeadLetters letters;
    private final Replays replays;
    private final LongSupplier nanoClock;
    private final JournalPolicy.@Nullable Reprocessing policy;
    private final ArrayDeque<Replay> round = new ArrayDeque<>();
    private long roundAtNanos;
    private long sliceAtNanos;

    Reprocessor(String sink, DeadLetters letters, Replays replays, LongSupplier nanoClock) {
        this.sink = sink;
        this.letters = letters;
        this.replays = replays;
        this.nanoClock = nanoClock;
        this.policy = letters.reprocessing();
        long now = nanoClock.getAsLong();
        this.roundAtNanos = policy == null ? now : now + policy.interval().toNanos();
        this.sliceAtNanos = now;
    }

    /**
     * True when there is something to send now. To be asked while the sink works.
     *
     * @param busy whether live batches wait
     */
    boolean isDue(boolean busy) throws Failure {
        if (policy == null) {
            return false;
        }
        long now = nanoClock.getAsLong();
        if (round.isEmpty() && now - roundAtNanos >= 0) {
            roundAtNanos = now + policy.interval().toNanos();
            round.addAll(letters.due(sink, policy.batchSize()));
        }
        return !round.isEmpty() && (!busy || now - sliceAtNanos >= 0);
    }

    /**
     * Sends some of the round. After a failure the sink needs a reset, and the round is over.
     *
     * @param counts whether a failure counts for the entry: not when the sink fails anyway
     * @return the failure that stopped it; {@code null} when there was none
     */
    @Nullable
    Failure sendSlice(BooleanSupplier ended, boolean counts) throws InterruptedException {
        long began = nanoClock.getAsLong();
        while (!round.isEmpty() && !ended.getAsBoolean() && nanoClock.getAsLong() - began < SLICE_NANOS) {
            Replay replay = round.remove();
            Failure failure = replays.send(replay);
            if (failure != null) {
                return over(replay, failure, counts);
            }
        }
        long now = nanoClock.getAsLong();
        sliceAtNanos = now + LIVE_SHARE * (now - began);
        return null;
    }

    private Failure over(Replay failed, Failure failure, boolean counts) {
        try {
            if (counts) {
                letters.triedInVain(sink, failed, String.valueOf(failure.getMessage()));
            } else {
                letters.untried(sink, List.of(failed));
            }
            giveBack();
            return failure;
        } catch (Failure journal) {
            return journal;
        }
    }

    /** What was not sent may be sent later, and does not count as tried. */
    void giveBack() throws Failure {
        List<Replay> rest = new ArrayList<>(round);
        round.clear();
        letters.untried(sink, rest);
    }
}
