package io.deltaforge.spi;

import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import java.util.List;

/** Reads a log and hands on its events. All methods are called on the source thread, except {@link #info}
 * and {@link #figures}. */
public interface Source extends AutoCloseable {

    /** Constant, known before {@link #run}. */
    SourceInfo info();

    /**
     * False for one whose senders do not wait (datagrams, say): it reads on when {@link Feed#hasRoom} is false, and the engine
     * decides what becomes of that. Constant; any thread.
     */
    default boolean canPause() {
        return true;
    }

    /**
     * False for one to which nobody gives again what it has handed on and no sink holds: that is lost when the pipeline
     * ends. Constant; any thread.
     */
    default boolean canReadAgain() {
        return true;
    }

    /** Reads back {@link Position#text}; {@link IllegalArgumentException} when it is none of this source's. */
    Position parsePosition(String text);

    /**
     * Reads from {@link Feed#resumeFrom} on until {@link Feed#stopped}, then returns. After {@link Failure.Retryable} the
     * engine calls it again on the same object with the same feed, and what that feed already took must not be handed to it
     * twice. Another feed has taken nothing: with it, reading begins anew.
     *
     * <p>Where {@link Feed#resumeFrom} is {@code null}, the place where reading begins is the first commit, so that every
     * sink has a checkpoint before it has an event.
     *
     * @throws Failure.Retryable the connection broke or the server is away
     * @throws Failure.Fatal the source needs a human: rights, settings, a lost slot
     */
    void run(Feed feed) throws Failure;

    /** Numbers that it keeps of itself, the same at every call; any thread. */
    default List<Figure> figures() {
        return List.of();
    }

    /** Frees connections; may be called after a failure and more than once. */
    @Override
    void close();
}
