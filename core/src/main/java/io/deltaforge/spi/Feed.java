package io.deltaforge.spi;

import io.deltaforge.event.Event;
import io.deltaforge.event.Position;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a source puts its events: the engine's end of the queue. Confined to the source thread.
 *
 * <p>The queue is bounded in bytes. A source asks {@link #hasRoom} before it reads on and, when there is none, waits in
 * {@link #awaitRoom} in slices short enough to keep its connection alive.
 */
public interface Feed {

    /**
     * The newest commit this feed took, or the lowest checkpoint of all sinks when it took none yet; {@code null} when
     * there is no checkpoint either: the source's own {@code start_position} applies.
     */
    @Nullable
    Position resumeFrom();

    /**
     * Takes an event. One event may exceed the bound. Never blocks, unless the source cannot pause and there is no place for
     * it.
     */
    void event(Event event);

    /**
     * Everything taken so far may be checkpointed as {@code position}. Also says that the log was read up to here when it
     * held nothing to deliver.
     */
    void commit(Position position);

    boolean hasRoom();

    /** Waits until there is room, the pipeline stops or the time is over; returns {@link #hasRoom}. */
    boolean awaitRoom(Duration atMost);

    /**
     * How full the fullest of the sinks' queues is. A source that cannot pause ({@link Source#canPause}) may tell its senders;
     * it need not count: what it hands to {@link #event} beyond {@link Pressure#EMERGENCY} the engine diverts as the sink's
     * policy says (dead letters of the kind {@code overflow}, dropped and counted, or {@link #event} waits), so that memory
     * stays bounded. Any thread.
     */
    default Pressure pressure() {
        return hasRoom() ? Pressure.NORMAL : Pressure.CRITICAL;
    }

    /** Nothing more can be read right now: what is complete should go out instead of waiting for company. */
    void idle();

    /** The newest position that is durable at every sink that the commit policy asks for: what the log may forget. */
    @Nullable
    Position durable();

    /**
     * How far the log's end is ahead of what was read, in bytes. To be said about once a second, also with nothing to read:
     * the first time tells that the source is connected, later ones that it still is.
     */
    void lagBytes(long bytes);

    /** True once the pipeline is stopping: return from {@link Source#run} soon. */
    boolean stopped();
}
