package io.deltaforge.spi;

/** How full a sink's queue is, in the steps that {@link SinkPolicy.Backpressure} sets. In rising order. */
public enum Pressure {
    NORMAL,
    WARNING,
    /** Sources that can pause do. */
    CRITICAL,
    /** What cannot be paused finds no place any more. */
    EMERGENCY
}
