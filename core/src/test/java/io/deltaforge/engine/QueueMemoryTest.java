package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueMemoryTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @CsvSource({"1, 16", "3, 16", "4, 13", "8, 6", "14, 3", "52, 1"})
    void theQueuesShareTwoFifthsOfTheHeap(int sinks, long eachMebibytes) {
        long ofXmx136m = 132 * MIB; // what the serial collector leaves
        assertThat(new QueueMemory(ofXmx136m, sinks).queueMaxBytes() / MIB).isEqualTo(eachMebibytes);
    }

    @Test
    void aLargeHeapMakesNoLargerQueues() {
        QueueMemory memory = new QueueMemory(4096 * MIB, 2);

        assertThat(memory.queueMaxBytes()).isEqualTo(PipelineSpec.DEFAULT_QUEUE_MAX_BYTES);
        assertThat(memory.isScarce()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"1, 27033", "14, 1930"})
    void whatIsBeingSentHasAFifthOfIt(int sinks, long eachKibibytes) {
        assertThat(new QueueMemory(132 * MIB, sinks).sendMaxBytes() / 1024).isEqualTo(eachKibibytes);
        assertThat(new QueueMemory(4096 * MIB, sinks).sendMaxBytes()).isEqualTo(PipelineSpec.DEFAULT_SEND_MAX_BYTES);
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
