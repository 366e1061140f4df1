package io.deltaforge.sink.file;

import static io.deltaforge.sink.Orders.CONTEXT;
import static io.deltaforge.sink.Orders.ORDERS;
import static io.deltaforge.sink.Orders.VISITS;
import static io.deltaforge.sink.Orders.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deltaforge.encoding.json.JsonEncoding;
import io.deltaforge.envelope.nativejson.NativeEnvelope;
import io.deltaforge.event.Event;
import io.deltaforge.sink.Orders;
import io.deltaforge.sink.file.FileSinkConfig.Compression;
import io.deltaforge.sink.file.FileSinkConfig.Roll;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Template;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The file sink on a disk that is slow, full or without power. */
class FileSinkFaultsTest {
    private final Orders events = new Orders();

    @Test
    void batchesThatComeDuringASyncShareTheNextAndAnIdleDiskAcknowledgesAtOnce() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        FileSink sink = open(disk, Compression.NONE, 1 << 20);
        delivered(sink.write(batch(events.insert(ORDERS, 0, "ann"))));
        assertThat(disk.syncs()).isEqualTo(1);
        CountDownLatch syncing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        disk.beforeSync(() -> {
            syncing.countDown();
            awaitQuietly(goOn);
        });

        List<CompletableFuture<Void>> written = new ArrayList<>();
        written.add(sink.write(batch(events.insert(ORDERS, 1, "ann"))));
        syncing.await();
        for (int id = 2; id <= 10; id++) {
            written.add(sink.write(batch(events.insert(ORDERS, id, "ann"))));
        }

        assertThat(written).noneMatch(CompletableFuture::isDone);
        goOn.countDown();
        for (CompletableFuture<Void> one : written) {
            delivered(one);
        }
        assertThat(disk.syncs()).isEqualTo(3);
        assertThat(WrittenLines.ids(disk.contents()))
                .isEqualTo(IntStream.rangeClosed(0, 10).boxed().toList());
        sink.close();
    }

    @Test
    void aResetDropsWhatADiskThatHangsHasNotBegun() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        FileSink sink = open(disk, Compression.NONE, 1 << 20);
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        disk.beforeSync(() -> {
            hanging.countDown();
            awaitQuietly(goOn);
        });
        Batch first = batch(events.insert(ORDERS, 1, "ann"));
        Batch second = batch(events.insert(ORDERS, 2, "ann"));
        CompletableFuture<Void> begun = sink.write(first);
        hanging.await();
        CompletableFuture<Void> waiting = sink.write(second);

        sink.reset();

        assertThat(failure(waiting)).isInstanceOf(Failure.Retryable.class);
        CompletableFuture<Void> firstAgain = sink.write(first);
        CompletableFuture<Void> secondAgain = sink.write(second);
        goOn.countDown();
        delivered(begun);
        delivered(firstAgain);
        delivered(secondAgain);
        sink.close();
        assertThat(WrittenLines.ids(disk.contents())).containsExactly(1, 1, 2);
    }

    @ParameterizedTest
    @EnumSource
    void aFullDiskIsWaitedForAndLeavesNoPartOfAWrite(Compression compression) throws Exception {
        MemoryDisk disk = new MemoryDisk();
        FileSink sink = open(disk, compression, 1 << 20);
        delivered(sink.write(batch(events.insert(ORDERS, 1, "ann"))));
        long used = disk.contents().firstEntry().getValue().length;
        disk.holdAtMost(used + 30);
        Batch second = batch(events.insert(ORDERS, 2, "ann"));
        Batch third = batch(events.insert(ORDERS, 3, "ann"));

        CompletableFuture<Void> failing = sink.write(second);
        Failure why = failure(failing);
        Failure overtaking = failure(sink.write(third));

        assertThat(why)
                .isInstanceOf(Failure.Retryable.class)
                .hasMessage("no space left for memory (No space left on device): free some; the events wait");
        assertThat(overtaking).isInstanceOf(Failure.Retryable.class);
        assertThat(disk.contents().firstEntry().getValue()).hasSize((int) used);

        sink.reset();
        assertThat(failure(sink.write(second))).isInstanceOf(Failure.Retryable.class);
        disk.holdAtMost(Long.MAX_VALUE);
        sink.reset();
        delivered(sink.write(second));
        delivered(sink.write(third));

        sink.close();
        assertThat(WrittenLines.ids(disk.contents())).containsExactly(1, 2, 3);
        assertThat(disk.contents().firstKey()).doesNotEndWith(".open");
    }

    @ParameterizedTest
    @EnumSource
    void aFileLeftOpenIsFinishedWithoutWhatWasTornWhereverThatWas(Compression compression) throws Exception {
        MemoryDisk disk = new MemoryDisk();
        FileSink sink = open(disk, compression, 1 << 20);
        delivered(sink.write(batch(events.insert(ORDERS, 1, "ann"), events.insert(ORDERS, 2, "ann"))));
        String name = disk.contents().firstKey();
        int acknowledged = disk.contents().get(name).length;
        delivered(sink.write(batch(events.insert(ORDERS, 3, "ann"))));
        byte[] whole = disk.contents().get(name);
        sink.close();

        for (int length = acknowledged; length <= whole.length; length++) {
            byte[] torn = Arrays.copyOf(whole, length);
            byte[] tornWithZeros = Arrays.copyOf(torn, whole.length + 10);
            for (byte[] left : List.of(torn, tornWithZeros)) {
                MemoryDisk after = new MemoryDisk();
                after.put(name, left);

                open(after, compression, 1 << 20).close();

                boolean isWhole =
                        left.length >= whole.length && Arrays.equals(whole, Arrays.copyOf(left, whole.length));
                assertThat(after.contents().keySet())
                        .map(finished -> finished + ".open")
                        .containsExactly(name);
                assertThat(WrittenLines.ids(after.contents()))
                        .as("cut at %d of %d", length, whole.length)
                        .isEqualTo(isWhole ? List.of(1, 2, 3) : List.of(1, 2));
            }
        }
    }

    @Test
    void aFileThatCannotBeFinishedIsTriedAgain() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        FileSink sink = open(disk, Compression.NONE, 1);
        CompletableFuture<Void> first = sink.write(batch(events.insert(ORDERS, 1, "ann")));
        delivered(first);
        await().until(() -> disk.contents().keySet().stream().noneMatch(name -> name.endsWith(".open")));
        disk.failAfter(3); // create, write, sync; not the sync and the new name at its end
        delivered(sink.write(batch(events.insert(ORDERS, 2, "ann"))));
        await().until(disk::hasFailed);
        Batch third = batch(events.insert(ORDERS, 3, "ann"));

        await().until(() -> failure(sink.write(third)) instanceof Failure.Retryable);
        disk.failAfter(Integer.MAX_VALUE);
        sink.reset();
        delivered(sink.write(third));

        sink.close();
        assertThat(disk.contents()).hasSize(3);
        assertThat(WrittenLines.ids(disk.contents())).containsExactly(1, 2, 3);
    }

    /** Power cuts at every operation of the disk, with what is not synced kept, torn or zeroed by chance. */
    @ParameterizedTest
    @EnumSource
    void noPowerCutTakesWhatWasAcknowledgedOrLeavesHalfALine(Compression compression) throws Exception {
        Random random = new Random(4711);
        for (int operations = 0; operations < 60; operations++) {
            for (int chance = 0; chance < 3; chance++) {
                cutPowerAfter(operations, compression, random);
            }
        }
    }

    private void cutPowerAfter(int operations, Compression compression, Random random) throws Exception {
        MemoryDisk disk = new MemoryDisk();
        disk.failAfter(operations);
        List<Integer> acknowledged = new ArrayList<>();
        FileSink sink = open(disk, compression, 400);
        int id = 0;
        while (!disk.hasFailed()) {
            List<CompletableFuture<Void>> written = new ArrayList<>();
            int before = id;
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                Event event = events.insert(random.nextInt(3) == 0 ? VISITS : ORDERS, ++id, "ann");
                written.add(sink.write(batch(event)));
            }
            for (int i = 0; i < written.size(); i++) {
                try {
                    delivered(written.get(i));
                    acknowledged.add(before + i + 1);
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(Failure.Retryable.class);
                }
            }
        }

        MemoryDisk after = disk.cutPower(random);
        sink.close();
        open(after, compression, 400).close();

        assertThat(after.contents().keySet()).noneMatch(name -> name.endsWith(".open"));
        List<Integer> held = new ArrayList<>(WrittenLines.ids(after.contents()));
        assertThat(held).as("after %d operations", operations).containsAll(acknowledged);
        after.contents()
                .forEach((name, bytes) ->
                        assertThat(WrittenLines.ids(name, bytes)).isSorted());
    }

    private static FileSink open(MemoryDisk disk, Compression compression, long rollBytes) throws Failure {
        FileSink sink = new FileSink(
                new FileSinkConfig(
                        "archive",
                        "memory",
                        Template.parse("${source.table}"),
                        new NativeEnvelope(),
                        new JsonEncoding(),
                        true,
                        compression,
                        new Roll(rollBytes, Duration.ofHours(1)),
                        8),
                disk,
                Clock.systemUTC(),
                System::nanoTime);
        sink.open(CONTEXT);
        return sink;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void delivered(CompletableFuture<Void> written) throws Exception {
        written.get(10, TimeUnit.SECONDS);
    }

    private static Failure failure(CompletableFuture<Void> written) throws Exception {
        try {
            written.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (Failure) e.getCause();
        }
        throw new AssertionError("no failure");
    }
}
