package io.deltaforge.checkpoint;

/** Whose checkpoint it is: a pipeline has one per sink. */
public record CheckpointKey(String pipeline, String source, String sink) {}
