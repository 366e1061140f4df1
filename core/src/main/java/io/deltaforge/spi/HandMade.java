package io.deltaforge.spi;

import io.deltaforge.event.Event;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter to which a human gave another value.
 *
 * @param eventId of the event that it was, as in the records' header {@code event-id}
 * @param record what is to be sent
 * @param event that it was; {@code null} when it was not kept
 * @param isMoved whether the human named the record's destination too, which else is the letter's
 */
public record HandMade(
        String eventId, Rendered record, @Nullable Event event, boolean isMoved) {}
