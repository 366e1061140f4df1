package io.deltaforge.reliability;

import io.deltaforge.spi.Batch;
import io.deltaforge.spi.DeadLetter;
import io.deltaforge.spi.Dlq;
import io.deltaforge.spi.Failure;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running pipeline's dead letters, in a queue that others look after. Thread-safe. */
public final class ForwardedDeadLetters implements DeadLetters {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardedDeadLetters.class);

    private final Dlq dlq;
    private final DeadLetterMaker maker;
    private final DeadLetterMonitor monitor;

    public ForwardedDeadLetters(Dlq dlq, String pipeline, InstantSource clock, DeadLetterMonitor monitor) {
        this.dlq = dlq;
        this.monitor = monitor;
        maker = new DeadLetterMaker(pipeline, dlq.maxEventBytes(), new SecretColumns(dlq.secretColumns()), clock);
    }

    @Override
    public synchronized void add(String sink, Batch batch, Failure.Rejected rejected) throws Failure {
        List<DeadLetter> letters = new ArrayList<>();
        for (Failure.RejectedEvent event : rejected.events()) {
            letters.add(maker.letter(sink, batch.event(event.index()), event));
        }
        dlq.send(letters);
        DeadLetterMonitor.tellAdded(monitor, sink, rejected);
        LOG.error(
                "sink {} cannot deliver {}: sent to the dead letter queue, and the pipeline goes on",
                sink,
                DeadLetterMonitor.counted(rejected));
    }
}
