package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueMemoryTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"1, 16", "3, 16", "4, 15", "8, 7", "14, 4", "61, 1"})
    void theQueuesShareTwoFifthsOfTheHeap(int sinks, long eachMebibytes) {
        long ofXmx160m = 154 * MIB; // what the serial collector leaves
        assertThat(new QueueMemory(ofXmx160m, sinks).queueMaxBytes() / MIB).isEqualTo(eachMebibytes);
    }

    @Test
    void aLargeHeapMakesNoLargerQueues() {
        QueueMemory memory = new QueueMemory(4096 * MIB, 2);

        assertThat(memory.queueMaxBytes()).isEqualTo(PipelineSpec.DEFAULT_QUEUE_MAX_BYTES);
        assertThat(memory.isScarce()).isFalse();
    }

    @Test
    void tellsTheHeapThatGivesEverySinkAWholeQueue() {
        QueueMemory scarce = new QueueMemory(160 * MIB, 14);

        assertThat(scarce.isScarce()).isTrue();
        assertThat(new QueueMemory(scarce.ampleHeapBytes(), 14).isScarce()).isFalse();
    }

    @Test
    void moreSinksThanTheHeapCanHoldAreTold() {
        assertThat(new QueueMemory(160 * MIB, 64).suffices()).isTrue();
        assertThat(new QueueMemory(160 * MIB, 65).suffices()).isFalse();
    }
}
