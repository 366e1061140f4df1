package io.deltaforge.checkpoint;

/** The checkpoint store cannot be read or written: disk full, file damaged, rights. */
public final class CheckpointException extends RuntimeException {
    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
