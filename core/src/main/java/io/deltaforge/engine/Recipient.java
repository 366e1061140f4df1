package io.deltaforge.engine;

import io.deltaforge.event.Position;
import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkContext;
import io.deltaforge.spi.SinkPolicy;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sink, and what its delivery has to know of it.
 *
 * @param index in the pipeline's list of sinks
 * @param paces whether a batch may wait for company as long as this sink is busy
 * @param filter what it is given
 * @param positions reads the text of a position; {@link IllegalArgumentException} with a message for the user
 * @param policy how it is treated
 * @param room its part of the pipeline's
 * @param deadline after which a batch that was not acknowledged is sent again; {@code null}: never
 */
record Recipient(
        int index,
        Sink sink,
        SinkContext context,
        boolean paces,
        EventFilter filter,
        Function<String, Position> positions,
        SinkPolicy policy,
        RoomShare room,
        @Nullable Duration deadline,
        SinkProgress progress) {}
