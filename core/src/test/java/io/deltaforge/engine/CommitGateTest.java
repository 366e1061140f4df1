package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Position;
import io.deltaforge.spi.CommitPolicy;
import org.junit.jupiter.api.Test;

class CommitGateTest {
    private static final boolean[] FIRST_REQUIRED = {true, false, false};

    private static Position durable(CommitPolicy.Mode mode, int quorum, boolean[] required, Position... checkpoints) {
        return new CommitGate(new CommitPolicy(mode, quorum), required).durable(checkpoints);
    }

    @Test
    void requiredFollowsTheSlowestRequiredSink() {
        assertThat(durable(CommitPolicy.Mode.REQUIRED, 1, FIRST_REQUIRED, new At(5), new At(1), null))
                .isEqualTo(new At(5));
        assertThat(durable(CommitPolicy.Mode.REQUIRED, 1, new boolean[] {true, true}, new At(5), new At(3)))
                .isEqualTo(new At(3));
    }

    @Test
    void whereNoSinkIsRequiredEveryOneCounts() {
        assertThat(durable(CommitPolicy.Mode.REQUIRED, 1, new boolean[] {false, false}, new At(5), new At(3)))
                .isEqualTo(new At(3));
    }

    @Test
    void allFollowsTheSlowest() {
        assertThat(durable(CommitPolicy.Mode.ALL, 1, FIRST_REQUIRED, new At(5), new At(1), new At(9)))
                .isEqualTo(new At(1));
        assertThat(durable(CommitPolicy.Mode.ALL, 1, FIRST_REQUIRED, new At(5), null, new At(9)))
                .isNull();
    }

    @Test
    void quorumIsTheFurthestThatEnoughSinksHold() {
        assertThat(durable(CommitPolicy.Mode.QUORUM, 2, FIRST_REQUIRED, new At(5), new At(1), new At(9)))
                .isEqualTo(new At(5));
        assertThat(durable(CommitPolicy.Mode.QUORUM, 2, FIRST_REQUIRED, null, new At(1), new At(9)))
                .isEqualTo(new At(1));
        assertThat(durable(CommitPolicy.Mode.QUORUM, 2, FIRST_REQUIRED, null, null, new At(9)))
                .isNull();
    }
}
