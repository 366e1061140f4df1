package io.deltaforge.cli.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final Instant COMMITTED = Instant.parse("2026-11-21T12:00:00Z");

    private final Arrivals arrivals = new Arrivals();

    @Test
    void repeatedChangesAndThoseOfOthersAreCountedApart() {
        add("orders", 10, true, 1);
        add("orders", 20, true, 1);
        add("payments", 15, true, 1);
        add("orders", 10, true, 1);
        add("orders", 20, true, 1);
        add("orders", 30, false, 1);

        assertThat(arrivals.traded()).isEqualTo(3);
        assertThat(arrivals.traded("orders")).isEqualTo(2);
        assertThat(arrivals.repeated()).isEqualTo(2);
        assertThat(arrivals.others()).isEqualTo(1);
    }

    @Test
    void latencyIsGivenByShare() {
        for (int i = 1; i <= 100; i++) {
            add("orders", i, true, i);
        }

        assertThat(arrivals.latency(0.5)).isEqualTo(Duration.ofMillis(50));
        assertThat(arrivals.latency(0.99)).isEqualTo(Duration.ofMillis(99));
        assertThat(arrivals.latency(1)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void clocksThatDisagreeDoNotMatter() {
        add("orders", 1, true, -5);

        assertThat(arrivals.latency(1)).isEqualTo(Duration.ZERO);
    }

    private void add(String table, long lsn, boolean isTrade, long millis) {
        MissingNode nothing = MissingNode.getInstance();
        ChangeEvent event = new ChangeEvent("c", table, nothing, nothing, nothing, COMMITTED, 7, lsn);
        arrivals.add(event, isTrade, COMMITTED.plusMillis(millis));
    }
}
