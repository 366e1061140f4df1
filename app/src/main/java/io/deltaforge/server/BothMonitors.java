package io.deltaforge.server;

import io.deltaforge.engine.PipelineMonitor;
import io.deltaforge.spi.Pressure;

/** Tells the same under our own names and under those of the log-capture system. Thread-safe. */
final class BothMonitors implements PipelineMonitor {
    private final PipelineMonitor own;
    private final LogCapturerMetrics other;

    BothMonitors(PipelineMonitor own, LogCapturerMetrics other) {
        this.own = own;
        this.other = other;
    }

    @Override
    public void batchSent(String sink, int events, long nanos) {
        own.batchSent(sink, events, nanos);
    }

    @Override
    public void batchDelivered(String sink, int events, long nanos, long sinceCommitNanos) {
        own.batchDelivered(sink, events, nanos, sinceCommitNanos);
        other.batchDelivered(sink, events, nanos, sinceCommitNanos);
    }

    @Override
    public void checkpointSaved(long nanos) {
        own.checkpointSaved(nanos);
    }

    @Override
    public void sinkFailed(String sink, String kind) {
        own.sinkFailed(sink, kind);
        other.sinkFailed(sink, kind);
    }

    @Override
    public void eventsNotAcknowledged(String sink, int events) {
        other.eventsNotAcknowledged(sink, events);
    }

    @Override
    public void eventsSkipped(String sink, int events) {
        own.eventsSkipped(sink, events);
    }

    @Override
    public void pressureRose(String sink, Pressure step) {
        own.pressureRose(sink, step);
        other.pressureRose(sink, step);
    }

    @Override
    public void eventsDropped(String sink, int events) {
        own.eventsDropped(sink, events);
        other.eventsDropped(sink, events);
    }

    @Override
    public void breakerOpened(String sink) {
        own.breakerOpened(sink);
        other.breakerOpened(sink);
    }

    @Override
    public void sourceFailed(String kind) {
        own.sourceFailed(kind);
    }
}
