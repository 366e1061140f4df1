package io.deltaforge.engine;

import io.deltaforge.spi.Batch;

/** Bounds what is on the way to a sink. Confined to its delivery thread. */
sealed interface Window permits CountedWindow, OpenTransaction {

    /** True when another batch may be sent. */
    boolean isOpen();

    /** True when this batch may be sent next; asked while {@link #isOpen}. If not, it will be after a commit. */
    boolean takes(Batch batch);

    /** True when a batch that comes now would be sent without waiting for those on the way. */
    boolean isHungry();

    /** A batch was sent; it may be empty. */
    void sent(Batch batch);

    /** The oldest of those sent was settled. */
    void settled(Batch batch);

    /** True when something was sent since the last {@link #reset} that a commit has to end. */
    boolean isBegun();

    /** Asked when nothing more can be sent for now: true when what was sent is to be committed once it was taken. */
    boolean closes();

    /** True when some of what a failure would undo was settled, and cannot be sent again. */
    boolean hasLetGo();

    /** Everything was committed, or is lost: nothing is on the way. */
    void reset();
}
