package io.deltaforge.engine;

import io.deltaforge.event.Position;
import io.deltaforge.spi.CommitPolicy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies the commit policy: which position of many checkpoints the source may forget up to. Immutable. */
final class CommitGate {
    private final CommitPolicy policy;
    private final boolean[] required;

    /** @param required for each sink whether it is */
    CommitGate(CommitPolicy policy, boolean[] required) {
        this.policy = policy;
        this.required = required.clone();
    }

    /**
     * Whatever the policy asks for, every sink at least holds it: what a source forgets that a sink has neither delivered
     * nor on disk would be missing there for good.
     *
     * @param checkpoints of each sink, {@code null} where it has none yet
     * @param held by each sink: its checkpoint, or what is further and safe in its spool
     */
    @Nullable
    Position durable(@Nullable Position[] checkpoints, @Nullable Position[] held) {
        return switch (policy.mode()) {
            case REQUIRED -> {
                @Nullable Position[] counting = held.clone();
                for (int i = 0; i < counting.length; i++) {
                    counting[i] = required[i] ? checkpoints[i] : held[i];
                }
                yield lowest(counting);
            }
            case ALL -> lowest(checkpoints);
            case QUORUM -> lowest(new @Nullable Position[] {quorum(checkpoints), lowest(held)});
        };
    }

    /** {@code null} when one of them is. */
    static @Nullable Position lowest(@Nullable Position[] positions) {
        Position lowest = null;
        for (Position position : positions) {
            if (position == null) {
                return null;
            }
            lowest = lowest == null ? position : lowest.earliest(position);
        }
        return lowest;
    }

    /** The furthest position that at least {@code quorum} sinks hold. */
    private @Nullable Position quorum(@Nullable Position[] checkpoints) {
        List<Position> held = new ArrayList<>();
        for (Position position : checkpoints) {
            if (position != null) {
                held.add(position);
            }
        }
        if (held.size() < policy.quorum()) {
            return null;
        }
        held.sort((a, b) -> a.equals(b) ? 0 : a.earliest(b).equals(a) ? 1 : -1);
        return held.get(policy.quorum() - 1);
    }
}
