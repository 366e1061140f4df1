package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.deltaforge.spi.Pressure;
import io.deltaforge.spi.SinkPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class QueueLevelTest {
    private static final int SIZE = 1000;
    private static final SinkPolicy POLICY =
            new SinkPolicy(SIZE, null, new SinkPolicy.Backpressure(true, 0.75, 0.90, 0.95, true, null), null, null);

    private final AtomicLong now = new AtomicLong();
    private final List<Pressure> risen = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(PressureNews.class);
    }

    private QueueLevel level(SinkPolicy policy) {
        PipelineMonitor monitor = new PipelineMonitor() {
            @Override
            public void pressureRose(String sink, Pressure step) {
                risen.add(step);
            }
        };
        return new QueueLevel(1_000_000, policy, new PressureNews("a", policy, true, monitor, now::get));
    }

    private List<String> said() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Property
    void eachStepIsEnteredAtItsThresholdAndLeftOnlyWellBelow(
            @ForAll @Size(max = 200) List<@IntRange(min = -200, max = 200) Integer> changes) {
        QueueLevel level = level(POLICY);
        int used = 0;
        Pressure before = Pressure.NORMAL;
        for (int wanted : changes) {
            int change = Math.max(wanted, -used);
            used += change;
            level.add(0, change);
            Pressure now = level.pressure();
            assertThat(now.compareTo(Pressure.EMERGENCY) >= 0)
                    .as("at %s", used)
                    .isEqualTo(isOr(used, 950, before, 900, Pressure.EMERGENCY));
            assertThat(now.compareTo(Pressure.CRITICAL) >= 0)
                    .as("at %s", used)
                    .isEqualTo(isOr(used, 900, before, 750, Pressure.CRITICAL));
            assertThat(now.compareTo(Pressure.WARNING) >= 0)
                    .as("at %s", used)
                    .isEqualTo(isOr(used, 750, before, 675, Pressure.WARNING));
            assertThat(level.pauses()).isEqualTo(now.compareTo(Pressure.CRITICAL) >= 0);
            before = now;
        }
    }

    /** Entered at {@code enter}, and kept from {@code keep} on by who was there before. */
    private static boolean isOr(int used, int enter, Pressure before, int keep, Pressure step) {
        return used >= enter || (before.compareTo(step) >= 0 && used >= keep);
    }

    @Test
    void bytesAndEventsCountWhicheverIsScarcer() {
        QueueLevel level = level(POLICY);

        level.add(500_000, 10);
        assertThat(level.utilization()).isEqualTo(0.5);

        level.add(0, 790);
        assertThat(level.utilization()).isEqualTo(0.8);
        assertThat(level.pressure()).isEqualTo(Pressure.WARNING);
    }

    @Test
    void withoutThresholdsItPausesWhenFullAndSaysNothing() {
        QueueLevel level = level(new SinkPolicy(SIZE, null, null, null, null));

        level.add(0, 999);
        assertThat(level.pauses()).isFalse();
        level.add(0, 1);
        assertThat(level.pauses()).isTrue();
        level.add(0, -1);
        assertThat(level.pauses()).isFalse();
        assertThat(risen).isEmpty();
        assertThat(said()).isEmpty();
    }

    @Test
    void aQueueThatSwingsIsOnePieceOfNews() {
        QueueLevel level = level(POLICY);

        for (int i = 0; i < 1000; i++) {
            level.add(0, 920);
            level.add(0, -920);
        }

        assertThat(said())
                .containsExactly(
                        "sink a: its queue is 92 % full; the source waits until it has taken some",
                        "sink a: its queue is back to normal (0 % full)");
        assertThat(risen).as("the metric counts each").hasSize(1000);
    }

    @Test
    void whatLastsIsSaidOnceAMinute() {
        QueueLevel level = level(POLICY);
        level.add(0, 800);

        for (int second = 1; second <= 150; second++) {
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            level.add(0, 1);
            level.add(0, -1);
        }

        assertThat(said()).hasSize(3).allMatch(line -> line.contains("80 % full"));
        assertThat(risen).containsExactly(Pressure.WARNING);
    }

    @Test
    void afterAllWasWellItIsSaidAgain() {
        QueueLevel level = level(POLICY);
        level.add(0, 800);
        level.add(0, -800);
        now.addAndGet(Duration.ofSeconds(11).toNanos());

        level.add(0, 800);

        assertThat(said()).filteredOn(line -> line.contains("80 %")).hasSize(2);
    }
}
