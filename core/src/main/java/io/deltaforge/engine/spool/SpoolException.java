package io.deltaforge.engine.spool;

import org.jspecify.annotations.Nullable;

/** A spool cannot be read or written, or is damaged; the message says which, where and what to do. */
public final class SpoolException extends RuntimeException {
    SpoolException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
