package io.deltaforge.engine;

import io.deltaforge.engine.spool.SpoolDisk;
import io.deltaforge.reliability.Backoff;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.function.Function;

/** What tests of pipelines share that wait for little, and whose sinks are all required. */
final class QuickPipelines {
    static final Patience PATIENCE = new Patience(
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(5), new Random(1)),
            Duration.ofSeconds(1),
            Duration.ofMillis(10),
            System::nanoTime);

    static final Function<Path, SpoolDisk> NO_SPOOLS = path -> {
        throw new IllegalStateException("every sink is required");
    };

    private QuickPipelines() {}
}
