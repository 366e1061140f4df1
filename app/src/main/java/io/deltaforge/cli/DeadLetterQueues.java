package io.deltaforge.cli;

import io.deltaforge.config.PipelineConfig;
import io.deltaforge.engine.spool.EventBytes;
import io.deltaforge.reliability.DeadLetterMonitor;
import io.deltaforge.reliability.DeadLetters;
import io.deltaforge.reliability.ForwardedDeadLetters;
import io.deltaforge.reliability.Journal;
import io.deltaforge.reliability.JournalDeadLetters;
import io.deltaforge.reliability.JournalDesk;
import io.deltaforge.spi.Dlq;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The dead letter queues of a run's pipelines: in the data directory's journal, in a topic, or none. Thread-safe. */
final class DeadLetterQueues implements AutoCloseable {
    private final InstantSource clock;
    private final @Nullable Journal journal;
    private final List<Dlq> elsewhere = new ArrayList<>();

    private DeadLetterQueues(InstantSource clock, @Nullable Journal journal) {
        this.clock = clock;
        this.journal = journal;
    }

    /** Opens the journal when one of the pipelines needs it; {@link io.deltaforge.reliability.JournalException}. */
    static DeadLetterQueues open(List<PipelineConfig> configs, Path journal, InstantSource clock) {
        boolean isNeeded = configs.stream().anyMatch(config -> config.journal().enabled());
        return new DeadLetterQueues(clock, isNeeded ? new Journal(journal) : null);
    }

    /** The pipeline's queue, for its whole life. */
    DeadLetters of(PipelineConfig config, DeadLetterMonitor monitor) {
        Dlq dlq = config.dlq();
        if (dlq != null) {
            elsewhere.add(dlq);
            return new ForwardedDeadLetters(dlq, config.name(), clock, monitor);
        }
        if (journal == null || !config.journal().enabled()) {
            return DeadLetters.NONE;
        }
        journal.started(config.name(), ProcessHandle.current().pid(), clock.millis());
        return new JournalDeadLetters(
                journal,
                config.name(),
                config.journal(),
                new EventBytes(config.source()::parsePosition),
                clock,
                monitor);
    }

    /** How many entries wait in the journal, by sink; sinks without any may be missing. */
    Map<String, Integer> entries(String pipeline) {
        return journal == null ? Map.of() : new JournalDesk(journal).countBySink(pipeline);
    }

    /** How many of them are not sent again by themselves any more. */
    Map<String, Integer> parked(String pipeline) {
        return journal == null ? Map.of() : new JournalDesk(journal).countParkedBySink(pipeline);
    }

    @Override
    public void close() {
        elsewhere.forEach(Dlq::close);
        if (journal != null) {
            journal.close();
        }
    }
}
