package io.deltaforge.config;

import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.Sink;
import io.deltaforge.spi.SinkPolicy;
import java.util.List;

/**
 * A sink with what it is given, which the file says beside the sink's {@code type} and {@code config}, and how it is
 * treated, which stands among the sink's own settings.
 */
record SinkEntry(String type, Sink sink, EventFilter filter, SinkPolicy policy) {
    static final String FILTER = "filter";
    static final String DOC =
            "Which events this sink is given; without it, all. What it is not given counts as delivered.";
    /** Those of {@code config} that are not the sink's own. */
    static final List<String> POLICY_KEYS =
            Key.of(SinkPolicy.class).stream().map(Key::name).toList();
}
