package io.deltaforge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.deltaforge.event.Event;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.BatchPolicy;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BatchBuilderTest {
    private static BatchPolicy policy(int maxEvents, long maxBytes) {
        return new BatchPolicy(maxEvents, maxBytes, 100, true, 4);
    }

    @Property
    void batchesHoldEveryEventOnceInOrderAndEndWhereTransactionsDo(
            @ForAll @Size(max = 40) List<@IntRange(max = 12) Integer> transactionSizes,
            @ForAll @IntRange(min = 1, max = 10) int maxEvents) {
        BatchBuilder builder = new BatchBuilder(policy(maxEvents, 1 << 20));
        List<Batch> batches = new ArrayList<>();
        List<Event> given = new ArrayList<>();
        for (int n = 1; n <= transactionSizes.size(); n++) {
            for (int i = 0; i < transactionSizes.get(n - 1); i++) {
                Event event = At.event(n, i, 10);
                given.add(event);
                builder.add(event);
                while (builder.isFull()) {
                    batches.add(builder.cut());
                }
            }
            builder.commit(At.endOf(n));
            if (builder.isFull()) {
                batches.add(builder.cut());
            }
        }
        if (!builder.isEmpty()) {
            batches.add(builder.cut());
        }

        List<Event> taken = new ArrayList<>();
        for (Batch batch : batches) {
            for (int i = 0; i < batch.size(); i++) {
                taken.add(batch.event(i));
            }
            At commit = (At) batch.commit();
            if (commit != null) {
                // everything given up to here is covered by the position, and nothing after it
                assertThat(taken).allMatch(event -> commit.covers(event.position()));
                assertThat(given.subList(taken.size(), given.size()))
                        .noneMatch(event -> commit.covers(event.position()));
            }
            assertThat(batch.size()).isLessThanOrEqualTo(maxEvents);
        }
        assertThat(taken).isEqualTo(given);
    }

    @Test
    void aTransactionLargerThanABatchGoesOutInPiecesThatCommitNothing() {
        BatchBuilder builder = new BatchBuilder(policy(2, 1 << 20));
        builder.add(At.event(1, 0, 10));
        builder.add(At.event(1, 1, 10));

        Batch piece = builder.cut();

        assertThat(piece.size()).isEqualTo(2);
        assertThat(piece.commit()).isNull();
        builder.add(At.event(1, 2, 10));
        builder.commit(At.endOf(1));
        assertThat(builder.cut().commit()).isEqualTo(At.endOf(1));
    }

    @Test
    void theOpenTransactionStaysBehindWhenACompleteOneGoesOut() {
        BatchBuilder builder = new BatchBuilder(policy(3, 1 << 20));
        builder.add(At.event(1, 0, 10));
        builder.commit(At.endOf(1));
        builder.add(At.event(2, 0, 10));
        builder.add(At.event(2, 1, 10));

        Batch batch = builder.cut();

        assertThat(batch.size()).isEqualTo(1);
        assertThat(batch.commit()).isEqualTo(At.endOf(1));
        builder.commit(At.endOf(2));
        assertThat(builder.cut().size()).isEqualTo(2);
    }

    @Test
    void bytesFillABatchToo() {
        BatchBuilder builder = new BatchBuilder(policy(1000, 1024));

        builder.add(At.event(1, 0, 2000));

        assertThat(builder.isFull()).isTrue();
        assertThat(builder.cut().sizeBytes()).isGreaterThan(2000);
        assertThat(builder.isEmpty()).isTrue();
    }
}
