package io.deltaforge.source.docker;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A container's log as it comes. Confined to one thread. */
interface LogLines {
    /** The next line; {@code null} at the end. What of a line has come before its stream breaks off is not one. */
    @Nullable
    LogLine next() throws IOException;

    /** True while the beginning of a line was read and its end was not. */
    boolean isInsideLine();
}
