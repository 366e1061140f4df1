package io.deltaforge.source.docker;

import java.util.List;

/** What followers tell the source thread. */
sealed interface News {
    /**
     * Lines were read.
     *
     * @param cursors for each line where it stands in its stream
     * @param reached what may be committed behind them: less far, while the beginning of another line waits for its end
     */
    record Lines(Container container, List<LogLine> lines, List<Cursor> cursors, Reached reached) implements News {}

    /** The container was removed. */
    record Gone(String container) implements News {}
}
