package io.deltaforge.source.docker;

import java.io.IOException;
import java.util.function.Consumer;

/** A container's log as it comes. Confined to one thread. */
interface LogLines {
    /**
     * Reads what comes next, a frame or a piece of text, and hands on the lines that it ends: mostly one, maybe none.
     *
     * @return false at the log's end
     */
    boolean read(Consumer<LogLine> taker) throws IOException;

    /** The earliest time of those lines whose beginning was read and whose end was not; without one {@link Long#MAX_VALUE}. */
    long openSinceNanos();

    /** Hands on what has come of lines without their end. The engine keeps a container's last words without a newline so. */
    void rest(Consumer<LogLine> taker);
}
