package io.deltaforge.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong in a pipeline file, for the person who wrote it. Holds no secrets.
 *
 * @param file as it was named on the command line
 * @param line from 1; 0 when the file as a whole is meant
 * @param column from 1; 0 when the file as a whole is meant
 * @param path e.g. {@code spec.sinks[0].config.brokers}; empty for the file as a whole
 * @param suggestion what to write instead
 */
public record Problem(
        String file,
        int line,
        int column,
        String path,
        String message,
        @Nullable String suggestion) {

    /** {@code orders.yaml:14 spec.sinks[0].config.brokres: unknown key (did you mean brokers?)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
        }
        if (!path.isEmpty()) {
            text.append(' ').append(path);
        }
        text.append(": ").append(message);
        if (suggestion != null) {
            text.append(" (").append(suggestion).append(')');
        }
        return text.toString();
    }
}
