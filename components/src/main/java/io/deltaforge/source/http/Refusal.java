package io.deltaforge.source.http;

import org.jspecify.annotations.Nullable;

/** A request that is answered with an error. Its message is for the client, without what the client sent. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable String header;
    private final @Nullable String headerValue;

    Refusal(int status, String message) {
        this(status, message, null, null);
    }

    Refusal(int status, String message, @Nullable String header, @Nullable String headerValue) {
        super(message, null, false, false);
        this.status = status;
        this.header = header;
        this.headerValue = headerValue;
    }

    /** The client is to send the same again, after so many seconds. */
    static Refusal later(int status, String message, int seconds) {
        return new Refusal(status, message, "Retry-After", Integer.toString(seconds));
    }

    int status() {
        return status;
    }

    @Nullable
    String header() {
        return header;
    }

    @Nullable
    String headerValue() {
        return headerValue;
    }
}
