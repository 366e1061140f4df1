package io.deltaforge.spi.intake;

import io.deltaforge.event.Position;

/**
 * The position of a source that cannot read again: how many entries it has numbered so far, over all its runs.
 *
 * @param number of the last entry covered; 0 covers none
 */
public record EntryNumber(long number) implements Position {

    static EntryNumber parse(String text) {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("not an entry's number: '" + text + "'");
        }
        return new EntryNumber(Long.parseLong(text));
    }

    @Override
    public boolean covers(Position other) {
        return number >= ((EntryNumber) other).number;
    }

    @Override
    public Position earliest(Position other) {
        return number <= ((EntryNumber) other).number ? this : other;
    }

    @Override
    public String text() {
        return Long.toString(number);
    }
}
