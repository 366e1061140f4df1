package io.deltaforge.server;

import io.deltaforge.engine.PipelineState;
import io.deltaforge.engine.PipelineState.Draining;
import io.deltaforge.engine.PipelineState.Failed;
import io.deltaforge.engine.PipelineState.Retrying;
import io.deltaforge.engine.PipelineState.Running;
import io.deltaforge.engine.PipelineState.Starting;
import io.deltaforge.engine.PipelineState.Stopped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the states of the pipelines mean for whoever watches the process; the worst one speaks for all. */
enum Health {
    /** Every pipeline reads and delivers. */
    UP(200),

    /** A pipeline tries again what failed: a restart would not mend it. */
    DEGRADED(200),

    /** Not yet, or no longer, at work. */
    STARTING(503),
    STOPPING(503),

    /** A pipeline ended: it needs a human, or a restart. */
    DOWN(503);

    private final int httpStatus;

    Health(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    int httpStatus() {
        return httpStatus;
    }

    static Health of(PipelineState state) {
        return switch (state) {
            case Starting starting -> STARTING;
            case Running running -> UP;
            case Retrying retrying -> DEGRADED;
            case Draining draining -> STOPPING;
            case Stopped stopped -> DOWN;
            case Failed failed -> DOWN;
        };
    }

    static Health of(List<PipelineState> states) {
        return states.stream().map(Health::of).max(Enum::compareTo).orElse(STARTING);
    }

    static boolean isUp(PipelineState state) {
        return of(state) == UP;
    }

    /** The state's name in the API. */
    static String word(PipelineState state) {
        return switch (state) {
            case Starting starting -> "starting";
            case Running running -> "running";
            case Retrying retrying -> "retrying";
            case Draining draining -> "draining";
            case Stopped stopped -> "stopped";
            case Failed failed -> "failed";
        };
    }

    /** Why it is so, where there is something to say. */
    static @Nullable String reason(PipelineState state) {
        return switch (state) {
            case Retrying retrying -> retrying.reason();
            case Failed failed -> failed.reason();
            case Starting starting -> null;
            case Running running -> null;
            case Draining draining -> null;
            case Stopped stopped -> null;
        };
    }
}
