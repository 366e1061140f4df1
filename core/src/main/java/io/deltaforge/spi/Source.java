package io.deltaforge.spi;

import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;

/** Reads a log and hands on its events. All methods are called on the source thread, except {@link #info}. */
public interface Source extends AutoCloseable {

    /** Constant, known before {@link #run}. */
    SourceInfo info();

    /** Reads back {@link Position#text}; {@link IllegalArgumentException} when it is none of this source's. */
    Position parsePosition(String text);

    /**
     * Reads from {@link Feed#resumeFrom} on until {@link Feed#stopped}, then returns. After {@link Failure.Retryable} the
     * engine calls it again on the same object with the same feed; what the feed already took must not be handed to it
     * twice within the life of this object.
     *
     * @throws Failure.Retryable the connection broke or the server is away
     * @throws Failure.Fatal the source needs a human: rights, settings, a lost slot
     */
    void run(Feed feed) throws Failure;

    /** Frees connections; may be called after a failure and more than once. */
    @Override
    void close();
}
