package io.deltaforge.engine;

import io.deltaforge.reliability.Backoff;
import java.time.Duration;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * How long the engine waits for what.
 *
 * @param betweenAttempts after failures that can get better by themselves
 * @param beforeSpooling how long a sink that is not required may acknowledge nothing before its batches go to disk. Until
 *     then the source must keep them: long enough for a broker's restart to pass without touching the disk, short
 *     enough that a database's log does not pile up behind a sink that nobody waits for
 * @param afterFatal between attempts of a sink that is not required and needs a human: nothing is gained by asking a
 *     server often that has refused us, and a minute after the mend is soon enough
 * @param nanoClock as {@link System#nanoTime}
 */
record Patience(Backoff betweenAttempts, Duration beforeSpooling, Duration afterFatal, LongSupplier nanoClock) {
    static final Patience USUAL = new Patience(
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(30), new Random()),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            System::nanoTime);
}
