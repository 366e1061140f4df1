package io.deltaforge.sink.kafka;

import io.deltaforge.event.Position;

/** A position that is only written down. */
record TextPosition(String text) implements Position {
    @Override
    public boolean covers(Position other) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Position earliest(Position other) {
        throw new UnsupportedOperationException();
    }
}
