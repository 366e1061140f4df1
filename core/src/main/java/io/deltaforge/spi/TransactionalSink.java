package io.deltaforge.spi;

import io.deltaforge.event.Position;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A sink that keeps its checkpoint together with the events: both become visible in one transaction of the other side's, or
 * neither does. So a crash at any instruction leaves neither a gap nor a repeat. Threads as for {@link Sink}.
 *
 * <p>The engine asks {@link #checkpoint} after {@link #open} and after {@link #reset}, gives the sink nothing that this
 * position covers, and decides when a transaction ends.
 */
public interface TransactionalSink extends Sink {

    /**
     * What the other side holds, as {@link Position#text}, once {@link #open} or {@link #reset} has settled what an earlier
     * transaction left in doubt; {@code null} when it holds nothing of this pipeline.
     */
    @Nullable
    String checkpoint();

    /**
     * Adds the batch to the open transaction, and begins one when none is open.
     *
     * @return completes when the other side has taken every event, which nobody sees before {@link #commit}; completes with
     *     a {@link Failure} otherwise. After {@link Failure.Retryable} the transaction is lost as a whole.
     */
    @Override
    CompletableFuture<Void> write(Batch batch);

    /**
     * Ends the transaction: everything written since the last one becomes visible, and the checkpoint is this position.
     * Called when every write has completed; waits until it is done.
     *
     * @throws Failure when it failed or nobody knows whether it did: the engine calls {@link #reset} and asks
     */
    void commit(Position position) throws Failure;
}
