package io.deltaforge.engine;

/** What a pipeline is doing. */
public sealed interface PipelineState {

    /** Connecting: the source has not read yet, or a sink has not opened. */
    record Starting() implements PipelineState {}

    /** Reading and delivering. */
    record Running() implements PipelineState {}

    /** Something failed that is being tried again; {@code reason} says what. */
    record Retrying(String reason) implements PipelineState {}

    /** Reads no more and delivers what it has read. */
    record Draining() implements PipelineState {}

    /** Ended as asked, or because its source has. */
    record Stopped() implements PipelineState {}

    /** Ended because it needs a human; {@code reason} says what to do. */
    record Failed(String reason) implements PipelineState {}
}
