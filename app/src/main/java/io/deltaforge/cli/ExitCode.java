package io.deltaforge.cli;

/** What the process says to whoever started it. */
final class ExitCode {
    /** Ended as asked. */
    static final int OK = 0;

    /** A pipeline or the program itself cannot go on. */
    static final int FATAL = 1;

    /** A file or an option is wrong; nothing was started. */
    static final int CONFIG = 2;

    private ExitCode() {}
}
