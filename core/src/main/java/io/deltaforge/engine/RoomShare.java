package io.deltaforge.engine;

import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Pressure;

/** One queue's part of the {@link Room}. Thread-safe. */
record RoomShare(Room room, int queue) {

    void take(Batch batch) {
        room.take(queue, batch.sizeBytes(), batch.size());
    }

    void giveBack(Batch batch) {
        room.giveBack(queue, batch.sizeBytes(), batch.size());
    }

    /** As if all of it were taken. */
    void takeAll() {
        room.take(queue, maxBytes(), 0);
    }

    void giveAllBack() {
        room.giveBack(queue, maxBytes(), 0);
    }

    boolean hasPlaceFor(Batch batch) {
        return room.hasPlaceFor(queue, batch.sizeBytes(), batch.size());
    }

    /** At which it is full. */
    long maxBytes() {
        return room.maxBytes(queue);
    }

    /** At which it is full. */
    long maxEvents() {
        return room.maxEvents(queue);
    }

    PipelineStatus.QueueStatus status() {
        return room.status(queue);
    }

    Pressure pressure() {
        return status().pressure();
    }
}
