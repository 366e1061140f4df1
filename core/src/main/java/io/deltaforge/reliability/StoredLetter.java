package io.deltaforge.reliability;

import io.deltaforge.spi.DeadLetter;

/**
 * An entry of the journal.
 *
 * @param id its number in the journal, never used twice
 * @param request how often somebody asked to send it again
 * @param wanted whether somebody waits for it to be sent again
 * @param hasEvent whether the event itself is kept, so that it can be sent again as it was
 * @param tries how often it was sent again without somebody asking
 * @param parked whether that was often enough
 */
public record StoredLetter(
        long id, DeadLetter letter, long request, boolean wanted, boolean hasEvent, int tries, boolean parked) {}
