package io.deltaforge.engine;

import io.deltaforge.spi.Batch;

/** So many batches ({@code batch.max_inflight}); each counts for itself. */
final class CountedWindow implements Window {
    private final int most;
    private int onTheWay;

    CountedWindow(int most) {
        this.most = most;
    }

    @Override
    public boolean isOpen() {
        return onTheWay < most;
    }

    @Override
    public boolean takes(Batch batch) {
        return true;
    }

    @Override
    public boolean isHungry() {
        return isOpen();
    }

    @Override
    public void sent(Batch batch) {
        onTheWay++;
    }

    @Override
    public void settled(Batch batch) {
        onTheWay--;
    }

    @Override
    public boolean isBegun() {
        return false;
    }

    @Override
    public boolean closes() {
        return false;
    }

    @Override
    public boolean hasLetGo() {
        return false;
    }

    @Override
    public void reset() {
        onTheWay = 0;
    }
}
