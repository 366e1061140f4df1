package io.deltaforge.event;

/** How grave a log entry is, from the least on. */
public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR,
    CRITICAL,
    FATAL;

    private static final LogLevel[] BY_SEVERITY = {FATAL, FATAL, CRITICAL, ERROR, WARN, INFO, INFO, DEBUG};

    private final String text = name().toLowerCase(java.util.Locale.ROOT);

    /**
     * The level of a syslog severity (RFC 5424, section 6.2.1).
     *
     * @param severity from 0, emergency, to 7, debug
     */
    public static LogLevel ofSeverity(int severity) {
        return BY_SEVERITY[severity];
    }

    /** In lower case, as it is written into records. */
    public String text() {
        return text;
    }
}
