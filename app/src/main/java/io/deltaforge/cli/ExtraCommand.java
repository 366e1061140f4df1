package io.deltaforge.cli;

/**
 * A picocli command from another jar, found by {@link java.util.ServiceLoader}: what is not on the class path of {@code
 * run}, such as {@code bench}.
 */
public interface ExtraCommand {}
