package io.deltaforge.reliability;

import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.JournalPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what a sink can never deliver. Thread-safe. */
public interface DeadLetters {

    /** For a pipeline without a dead letter queue: nothing can be kept, so nothing may be passed over. */
    DeadLetters NONE = (sink, batch, rejected) -> {
        throw new Failure.Fatal(
                "sink " + sink + " cannot deliver " + rejected.getMessage()
                        + " Nothing was skipped: the checkpoint stays before it. With a dead letter queue the pipeline"
                        + " would keep such events and go on: set spec.journal.enabled: true.",
                rejected);
    };

    /**
     * Durable when it returns; the same events may be added again after a crash.
     *
     * @param rejected whose indexes are those of {@code batch}
     * @throws Failure.Fatal when there is no queue, or it is full and its policy is {@code reject}
     * @throws Failure.Retryable when it is full and its policy is {@code block}, or the queue's other side is away
     */
    void add(String sink, Batch batch, Failure.Rejected rejected) throws Failure;

    /**
     * True when the batch's events would be kept as they are, so that they can be sent again. What might still be delivered
     * must not be put where it would be cut, or left out for a secret in it.
     */
    default boolean keepsWhole(Batch batch) {
        return false;
    }

    /**
     * What somebody wants sent again to this sink and is not on the way yet, oldest first; mostly nothing. Each is handed
     * out once, and what became of it told by {@link #delivered}, {@link #refused} or {@link #postponed}. To be asked about
     * once a second.
     */
    default List<Replay> wanted(String sink, int atMost) throws Failure {
        return List.of();
    }

    /** How entries are sent again by themselves; {@code null} when they are not. */
    default JournalPolicy.@Nullable Reprocessing reprocessing() {
        return null;
    }

    /**
     * The oldest entries of this sink that are to be sent again by themselves: neither parked, nor wanted by somebody, nor on
     * the way. They count as tried when this returns. Each is handed out once, and what became of it told by
     * {@link #delivered}, {@link #refused}, {@link #triedInVain} or {@link #untried}.
     */
    default List<Replay> due(String sink, int atMost) throws Failure {
        return List.of();
    }

    /** The sink failed with it: one try less is left. */
    default void triedInVain(String sink, Replay replay, String reason) throws Failure {}

    /** They were not sent, or the sink failed anyway: the try does not count. */
    default void untried(String sink, List<Replay> replays) throws Failure {}

    /** The sink holds it durably: its entry is removed, unless somebody asked for yet another version meanwhile. */
    default void delivered(String sink, Replay replay) throws Failure {}

    /** It cannot be delivered now either: its entry stays, with the new reason. */
    default void refused(String sink, Replay replay, Failure.RejectedEvent why) throws Failure {}

    /** It was not sent: it may be handed out again. */
    default void postponed(String sink, Replay replay) {}
}
