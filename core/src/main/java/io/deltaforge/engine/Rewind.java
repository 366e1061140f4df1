package io.deltaforge.engine;

/** What was lost was let go already: the pipeline goes back to its checkpoints and reads it again. */
final class Rewind extends Exception {
    Rewind(String sink, String reason) {
        super("sink " + sink + ": " + reason);
    }
}
