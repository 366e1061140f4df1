package io.deltaforge.engine;

import io.deltaforge.engine.spool.Entry;
import io.deltaforge.event.Position;
import io.deltaforge.spi.Batch;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.TransactionalSink;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * What a sink holds already, and so what of a batch it is still to be given. Confined to the delivery thread, but for the
 * waiting.
 */
final class Standing {
    private final Recipient recipient;
    private final @Nullable TransactionalSink transactional;
    private final Checkpoints checkpoints;
    private final Selection selection;
    private final CountDownLatch found = new CountDownLatch(1);
    private AlreadyHeld alreadyHeld = new AlreadyHeld(null);

    Standing(Recipient recipient, Checkpoints checkpoints) {
        this.recipient = recipient;
        this.transactional = recipient.sink() instanceof TransactionalSink it ? it : null;
        this.checkpoints = checkpoints;
        this.selection = new Selection(recipient.filter());
    }

    /** By the engine's record, or by the sink's own, whichever is further; to be called after it was opened or reset. */
    void find() throws Failure.Fatal {
        String own = transactional == null ? null : transactional.checkpoint();
        if (own != null) {
            checkpoints.told(recipient.index(), parsed(own));
        }
        again();
    }

    /** What it was given since its checkpoint and did not acknowledge is asked for again. */
    void again() {
        alreadyHeld = new AlreadyHeld(known());
    }

    private Position parsed(String text) throws Failure.Fatal {
        try {
            return recipient.positions().apply(text);
        } catch (IllegalArgumentException e) {
            throw new Failure.Fatal(String.valueOf(e.getMessage()), e);
        }
    }

    /** {@code null} while there is none. */
    @Nullable
    Position known() {
        return checkpoints.known(recipient.index());
    }

    /** What of it the sink is to be given and does not hold; maybe nothing but its position. */
    Batch fresh(Entry entry) {
        return selection.of(alreadyHeld.without(entry.batch()));
    }

    /**
     * Waits until this sink's checkpoint is known: at once where the engine keeps it, else until the sink was opened and has
     * told its own, or will not be any more. One that nobody waits for is never waited for: the engine's copy of its
     * checkpoint is never ahead of it, so reading from there misses nothing.
     */
    void await() throws InterruptedException {
        if (transactional != null && recipient.sink().required()) {
            found.await();
        }
    }

    /** It is found, or nobody is to wait for it any more. */
    void stopWaiting() {
        found.countDown();
    }
}
