package io.deltaforge.engine;

import io.deltaforge.spi.Failure;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How a sink is, by what became of the attempts: whether it has to be reset, and what may be tried when. Confined to the
 * delivery thread.
 */
final class SinkHealth {
    private final Setbacks setbacks;
    private final Breaker breaker;
    private final LastResort lastResort;
    private final LongSupplier nanoClock;
    private boolean down;
    private boolean broken;
    private boolean failing;
    private boolean inDoubt;
    private long resumeNanos;
    private long lettersNotBeforeNanos;

    SinkHealth(Setbacks setbacks, Breaker breaker, LastResort lastResort, LongSupplier nanoClock) {
        this.setbacks = setbacks;
        this.breaker = breaker;
        this.lastResort = lastResort;
        this.nanoClock = nanoClock;
        this.resumeNanos = now();
        this.lettersNotBeforeNanos = now();
    }

    /** An attempt failed: to open it, to reset it, or to send something. */
    void failed(Failure failure) {
        down = true;
        breaker.failed();
        lastResort.failed(failure);
    }

    /** A batch of live events did not arrive; {@link #failed} too. */
    void liveFailed(Failure failure) {
        failing = true;
        failed(failure);
    }

    /** It is open. */
    void opened() {
        down = false;
        setbacks.over();
    }

    /** What was sent to it arrived. */
    void worked() {
        down = false;
        breaker.worked();
        setbacks.over();
    }

    /** As {@link #worked}, with live events. */
    void liveWorked() {
        failing = false;
        worked();
    }

    /** True when the newest attempt failed, whatever it was. */
    boolean isDown() {
        return down;
    }

    /** True when the newest live batch that was tried did not arrive. */
    boolean isFailing() {
        return failing;
    }

    /** It needs a reset before anything is sent, and a rest before that. */
    void broke(Duration rest) {
        broken = true;
        resumeIn(rest);
    }

    /** True when it needs a reset. */
    boolean isBroken() {
        return broken;
    }

    /** It was reset. */
    void mended() {
        broken = false;
        inDoubt = false;
    }

    /** A commit failed, and only a reset tells whether it took place. */
    void doubted() {
        inDoubt = true;
    }

    void resumeIn(Duration rest) {
        resumeNanos = now() + rest.toNanos();
    }

    /** How long nothing is to be sent; not positive when something may be. */
    Duration rest() {
        return Duration.ofNanos(Math.max(breaker.blocked().toNanos(), resumeNanos - now()));
    }

    /** True when a batch may be sent without regard to others: nothing has to be mended or probed first. */
    boolean isGood() {
        return !broken && breaker.isClosed();
    }

    /** The dead letter queue had no place: it is not asked before. */
    void askLettersIn(Duration rest) {
        lettersNotBeforeNanos = now() + rest.toNanos();
    }

    boolean mayAskLetters() {
        return !inDoubt && now() - lettersNotBeforeNanos >= 0;
    }

    private long now() {
        return nanoClock.getAsLong();
    }
}
