package io.deltaforge.spi;

import java.util.function.Function;

/**
 * A component that a pipeline file can name: {@code type: <name>}.
 *
 * @param kind what it is: {@link Source}, {@link Sink}, {@link Envelope} or {@link Encoding}
 * @param name the value of {@code type}
 * @param doc one sentence for the reference pages
 * @param config the record that its settings are bound to; every component of it has a {@link Setting}. Its constructor
 *     throws {@link IllegalArgumentException} with a message for the user when settings do not fit each other.
 * @param create makes the component; does no I/O
 */
public record ComponentType<T, C extends Record>(
        Class<T> kind, String name, String doc, Class<C> config, Function<C, T> create) {

    /** For components found in third-party jars by {@link java.util.ServiceLoader}. */
    public interface Provider {
        ComponentType<?, ?> type();
    }
}
