package io.deltaforge.source.logs;

import io.deltaforge.event.Position;

/** A place in one file: what must be covered for one of its entries to count as delivered. Immutable. */
record FilePosition(FileTable.Slot file, long offset) implements Position {
    static final String PREFIX = "file:";

    @Override
    public boolean covers(Position other) {
        return other instanceof FilePosition place && place.file.equals(file) && place.offset <= offset;
    }

    @Override
    public Position earliest(Position other) {
        throw new IllegalStateException("no source begins to read at an entry's position");
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(PREFIX);
        file.identity().appendTo(text);
        return text.append('@').append(Long.toString(offset, 36)).toString();
    }
}
