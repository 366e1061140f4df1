package io.deltaforge.cli;

/** Something that the person at the command line can mend. Shown as one line, without a stack trace. */
final class UserError extends RuntimeException {
    private final int exitCode;

    private UserError(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /** The files or options are wrong. */
    static UserError usage(String message) {
        return new UserError(ExitCode.CONFIG, message);
    }

    /** The machine is not as it must be: an address in use, a directory not writable. */
    static UserError fatal(String message) {
        return new UserError(ExitCode.FATAL, message);
    }

    int exitCode() {
        return exitCode;
    }
}
