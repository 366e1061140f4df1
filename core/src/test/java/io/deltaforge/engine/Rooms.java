package io.deltaforge.engine;

import io.deltaforge.spi.SinkPolicy;
import java.util.List;

/** Rooms of one queue. */
final class Rooms {
    private Rooms() {}

    static RoomShare of(long maxBytes) {
        PressureNews news = new PressureNews("a", SinkPolicy.NONE, true, PipelineMonitor.NONE, System::nanoTime);
        return new RoomShare(new Room(List.of(new QueueLevel(maxBytes, SinkPolicy.NONE, news))), 0);
    }
}
