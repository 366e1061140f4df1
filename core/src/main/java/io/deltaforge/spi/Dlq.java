package io.deltaforge.spi;

import java.util.List;

/** A dead letter queue outside of the data directory. Thread-safe. */
public interface Dlq extends AutoCloseable {

    /**
     * Tells the pipeline's sinks, whose settings it may share; called once, before anything else. Does no I/O.
     *
     * @throws IllegalArgumentException when a setting does not fit them; the message begins with the setting's key
     */
    void attach(List<Sink> sinks);

    /** Most bytes of a payload; what is larger is cut before it comes here. */
    int maxEventBytes();

    /** As {@link JournalPolicy#secretColumns}. */
    List<String> secretColumns();

    /**
     * Durable when it returns.
     *
     * @throws Failure.Retryable the other side is away
     * @throws Failure.Fatal it refuses us or the entries
     */
    void send(List<DeadLetter> letters) throws Failure;

    /** Frees connections; may be called more than once. */
    @Override
    void close();
}
