package io.deltaforge.source.postgres;

/** A message that breaks the protocol; never leaves {@link PgOutputDecoder}, so it needs no stack trace. */
final class MalformedMessage extends RuntimeException {
    private final String problem;

    /** @param problem what is wrong, to stand behind the words "a message" */
    MalformedMessage(String problem) {
        super(problem, null, false, false);
        this.problem = problem;
    }

    String problem() {
        return problem;
    }
}
