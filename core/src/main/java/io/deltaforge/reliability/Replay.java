package io.deltaforge.reliability;

import io.deltaforge.event.Event;
import io.deltaforge.spi.HandMade;

/** An entry of the dead letter queue that somebody wants sent again. */
public sealed interface Replay {

    /** The entry's. */
    long id();

    /** Which of the requests to send this entry again; a later one has a larger number. */
    long request();

    /** The event as it was: the sink makes of it what its settings say now. */
    record OfEvent(long id, long request, Event event) implements Replay {}

    /** Made by hand: its value is to be sent as it is. */
    record OfHandMade(long id, long request, HandMade letter) implements Replay {}
}
