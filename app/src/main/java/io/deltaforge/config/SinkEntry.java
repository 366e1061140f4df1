package io.deltaforge.config;

import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.Sink;

/** A sink with what it is given, which the file says beside the sink's {@code type} and {@code config}. */
record SinkEntry(Sink sink, EventFilter filter) {
    static final String FILTER = "filter";
    static final String DOC =
            "Which events this sink is given; without it, all. What it is not given counts as delivered.";
}
