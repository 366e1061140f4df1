package io.deltaforge.cli.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SampleBudgetTest {
    private long nanos;
    private final SampleBudget budget = new SampleBudget(10, () -> nanos);

    @Test
    void aSlowTrickleIsShownWhole() {
        assertThat(shownOf(10)).isEqualTo(10);
        assertThat(budget.oneInSinceLast()).isEqualTo(1);

        nanos += Duration.ofSeconds(5).toNanos();

        assertThat(shownOf(10)).isEqualTo(10);
        assertThat(budget.oneInSinceLast()).isEqualTo(1);
    }

    @Test
    void aFloodIsSampledAndTheShareIsSaid() {
        assertThat(shownOf(100)).isEqualTo(10);
        assertThat(budget.oneInSinceLast()).isEqualTo(10);

        nanos += Duration.ofMillis(500).toNanos();

        assertThat(shownOf(100)).isEqualTo(5);
        assertThat(budget.oneInSinceLast()).isEqualTo(20);
    }

    private int shownOf(int events) {
        int shown = 0;
        for (int i = 0; i < events; i++) {
            shown += budget.take() ? 1 : 0;
        }
        return shown;
    }
}
