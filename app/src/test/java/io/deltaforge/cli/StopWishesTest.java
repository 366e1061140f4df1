package io.deltaforge.cli;

import static io.deltaforge.cli.StopWishes.Wish.AT_ONCE;
import static io.deltaforge.cli.StopWishes.Wish.SAME;
import static io.deltaforge.cli.StopWishes.Wish.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StopWishesTest {
    private final AtomicLong nanos = new AtomicLong(-5);
    private final StopWishes wishes = new StopWishes(nanos::get);

    @Test
    void whatTimeoutSendsTwiceIsOneWish() {
        assertThat(wishes.next()).isEqualTo(STOP);
        nanos.addAndGet(Duration.ofMillis(2).toNanos());

        assertThat(wishes.next()).isEqualTo(SAME);
    }

    @Test
    void whoAsksAgainMeansIt() {
        assertThat(wishes.next()).isEqualTo(STOP);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(wishes.next()).isEqualTo(AT_ONCE);
    }
}
