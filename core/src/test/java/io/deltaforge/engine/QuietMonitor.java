package io.deltaforge.engine;

import io.deltaforge.spi.Pressure;

/** Hears nothing but what a test overrides. */
class QuietMonitor implements PipelineMonitor {
    @Override
    public void batchSent(String sink, int events, long nanos) {}

    @Override
    public void batchDelivered(String sink, int events, long nanos, long sinceCommitNanos) {}

    @Override
    public void checkpointSaved(long nanos) {}

    @Override
    public void sinkFailed(String sink, String kind) {}

    @Override
    public void eventsSkipped(String sink, int events) {}

    @Override
    public void pressureRose(String sink, Pressure step) {}

    @Override
    public void eventsDropped(String sink, int events) {}

    @Override
    public void breakerOpened(String sink) {}

    @Override
    public void sourceFailed(String kind) {}
}
