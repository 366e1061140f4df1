package io.deltaforge.engine;

/**
 * One queue's part of the {@link Room}. Thread-safe.
 *
 * @param maxBytes at which it is full
 */
record RoomShare(Room room, int queue, long maxBytes) {

    void take(long bytes) {
        room.take(queue, bytes);
    }

    void giveBack(long bytes) {
        room.giveBack(queue, bytes);
    }
}
