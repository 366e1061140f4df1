package io.deltaforge.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TransactionIdsTest {
    private final TransactionIds ids = new TransactionIds();

    @Test
    void itHoldsWhatWasAddedAndNothingElse() {
        ids.add(750);
        ids.add(752);

        assertThat(ids.contains(750)).isTrue();
        assertThat(ids.contains(751)).isFalse();
        assertThat(ids.contains(752)).isTrue();
        assertThat(ids.contains(749)).isFalse();
        assertThat(ids.contains(753)).isFalse();
    }

    @Test
    void anEmptyOneHoldsNothing() {
        assertThat(ids.contains(0)).isFalse();
        assertThat(ids.contains(0xFFFF_FFFFL)).isFalse();
    }

    @Test
    void theEpochIsLeftOutAndTheCounterMayWrap() {
        ids.add(0x7_FFFF_FFFEL);
        ids.add(0x8_0000_0003L);

        assertThat(ids.contains(0xFFFF_FFFEL)).isTrue();
        assertThat(ids.contains(3)).isTrue();
        assertThat(ids.contains(4)).isFalse();
    }
}
