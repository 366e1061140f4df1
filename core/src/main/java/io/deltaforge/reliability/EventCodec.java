package io.deltaforge.reliability;

import io.deltaforge.event.Event;

/** An event as bytes that a later version of the program still reads. Thread-safe. */
public interface EventCodec {
    byte[] encode(Event event);

    /** @throws IllegalArgumentException for bytes that are no event */
    Event decode(byte[] bytes);
}
