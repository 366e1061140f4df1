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

    /** @param checkpoints of each sink, {@code null} where it has none yet */
    @Nullable
    Position durable(@Nullable Position[] checkpoints) {
        return switch (policy.mode()) {
            case REQUIRED -> lowest(checkpoints, anyRequired());
            case ALL -> lowest(checkpoints, false);
            case QUORUM -> quorum(checkpoints);
        };
    }

    /** Where no sink is required, every one counts: a source must not forget what nobody holds. */
    private boolean anyRequired() {
        for (boolean one : required) {
            if (one) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Position lowest(@Nullable Position[] checkpoints, boolean requiredOnly) {
        Position lowest = null;
        for (int i = 0; i < checkpoints.length; i++) {
            if (requiredOnly && !required[i]) {
                continue;
            }
            Position position = checkpoints[i];
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
