package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Position;
import io.deltaforge.spi.CommitPolicy;
import org.junit.jupiter.api.Test;

class CommitGateTest {
    private static final boolean[] FIRST_REQUIRED = {true, false, false};

    private static final Position[] NOTHING_SPOOLED = {null, null, null};

    /** @param held of each sink where it is further than the checkpoint */
    private static Position durable(
            CommitPolicy.Mode mode, int quorum, boolean[] required, Position[] checkpoints, Position[] held) {
        Position[] atLeast = held.clone();
        for (int i = 0; i < atLeast.length; i++) {
            atLeast[i] = held[i] == null ? checkpoints[i] : held[i];
        }
        return new CommitGate(new CommitPolicy(mode, quorum), required).durable(checkpoints, atLeast);
    }

    private static Position[] at(Integer... offsets) {
        Position[] positions = new Position[offsets.length];
        for (int i = 0; i < offsets.length; i++) {
            positions[i] = offsets[i] == null ? null : new At(offsets[i]);
        }
        return positions;
    }

    @Test
    void requiredFollowsTheSlowestRequiredSink() {
        boolean[] twoRequired = {true, true, false};
        assertThat(durable(CommitPolicy.Mode.REQUIRED, 1, twoRequired, at(5, 3, 9), NOTHING_SPOOLED))
                .isEqualTo(new At(3));
        assertThat(durable(CommitPolicy.Mode.REQUIRED, 1, twoRequired, at(5, null, 9), NOTHING_SPOOLED))
                .isNull();
    }

    @Test
    void requiredWaitsUntilTheOthersHaveItOnDiskAtLeast() {
        assertThat(durable(CommitPolicy.Mode.REQUIRED, 1, FIRST_REQUIRED, at(5, 1, 9), NOTHING_SPOOLED))
                .isEqualTo(new At(1));
        assertThat(durable(CommitPolicy.Mode.REQUIRED, 1, FIRST_REQUIRED, at(5, 1, null), at(null, 7, 6)))
                .isEqualTo(new At(5));
        assertThat(durable(CommitPolicy.Mode.REQUIRED, 1, FIRST_REQUIRED, at(5, 1, null), at(null, 7, null)))
                .isNull();
    }

    @Test
    void whatARequiredSinkHasOnDiskIsNotDelivered() {
        assertThat(durable(CommitPolicy.Mode.REQUIRED, 1, FIRST_REQUIRED, at(5, 9, 9), at(8, null, null)))
                .isEqualTo(new At(5));
    }

    @Test
    void allFollowsTheSlowestDelivery() {
        assertThat(durable(CommitPolicy.Mode.ALL, 1, FIRST_REQUIRED, at(5, 1, 9), at(null, 7, null)))
                .isEqualTo(new At(1));
        assertThat(durable(CommitPolicy.Mode.ALL, 1, FIRST_REQUIRED, at(5, null, 9), at(null, 7, null)))
                .isNull();
    }

    @Test
    void quorumIsTheFurthestThatEnoughSinksHaveDeliveredAndTheRestHolds() {
        assertThat(durable(CommitPolicy.Mode.QUORUM, 2, FIRST_REQUIRED, at(5, 1, 9), at(null, 6, null)))
                .isEqualTo(new At(5));
        assertThat(durable(CommitPolicy.Mode.QUORUM, 2, FIRST_REQUIRED, at(5, 1, 9), at(null, 2, null)))
                .isEqualTo(new At(2));
        assertThat(durable(CommitPolicy.Mode.QUORUM, 2, FIRST_REQUIRED, at(null, null, 9), at(5, 5, null)))
                .isNull();
    }
}
