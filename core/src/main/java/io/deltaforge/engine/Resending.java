package io.deltaforge.engine;

import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Sink;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes to a sink from its dead letter queue: first what somebody asked for, then what is tried again by itself. Confined
 * to the delivery thread.
 */
final class Resending {
    private static final Logger LOG = LoggerFactory.getLogger(Resending.class);

    private final Sink sink;
    private final Replays replays;
    private final Reprocessor reprocessor;
    private final Setbacks setbacks;
    private final Ending ending;

    /** What is due. */
    enum Due {
        NOTHING,
        /** What somebody asked for. */
        REPLAYS,
        /** What is tried again by itself. */
        REPROCESSING
    }

    private interface Look {
        boolean finds() throws Failure;
    }

    Resending(
            Sink sink,
            DeadLetters deadLetters,
            Standing standing,
            Setbacks setbacks,
            Ending ending,
            LongSupplier nanoClock) {
        this.sink = sink;
        this.replays = new Replays(sink, deadLetters, standing::known, nanoClock);
        this.reprocessor = new Reprocessor(sink.id(), deadLetters, replays, nanoClock);
        this.setbacks = setbacks;
        this.ending = ending;
    }

    /**
     * What is to be sent before anything new.
     *
     * @param works whether the sink works, as far as anybody can tell: else nothing is tried again by itself
     * @param busy whether live batches wait
     */
    Due due(boolean works, boolean busy) throws Failure.Fatal {
        if (replaysWait()) {
            return Due.REPLAYS;
        }
        return works && look(() -> reprocessor.isDue(busy)) ? Due.REPROCESSING : Due.NOTHING;
    }

    boolean replaysWait() throws Failure.Fatal {
        return look(replays::areWaiting);
    }

    private boolean look(Look look) throws Failure.Fatal {
        try {
            return !isToEnd() && look.finds();
        } catch (Failure.Retryable busy) {
            return false; // it is looked into again
        } catch (Failure broken) {
            setbacks.met(broken);
            return false;
        }
    }

    /**
     * Sends what somebody asked for.
     *
     * @return the failure that stopped it; {@code null} when there was none
     */
    @Nullable
    Failure replay() throws InterruptedException {
        return replays.send(this::isToEnd);
    }

    /**
     * Sends a slice of what is tried again by itself.
     *
     * @param counts whether a failure counts for the entry: not when the sink fails anyway
     * @return the failure that stopped it; {@code null} when there was none
     */
    @Nullable
    Failure reprocess(boolean counts) throws InterruptedException {
        return reprocessor.sendSlice(this::isToEnd, counts);
    }

    /** What was not sent may be sent later, and does not count as tried. */
    void giveBack() throws Failure.Fatal {
        replays.giveBack();
        try {
            reprocessor.giveBack();
        } catch (Failure e) {
            LOG.warn("sink {}: tries of dead letters that were not sent count as made: {}", sink.id(), e.getMessage());
        }
    }

    private boolean isToEnd() {
        return ending.isDraining() || ending.isAborted();
    }
}
