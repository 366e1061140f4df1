package io.deltaforge.sandbox;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link PostgresServer} is made.
 *
 * @param settings of postgresql.conf over our own, {@code wal_sender_timeout=5s} for example
 * @param directory where the data stays after the server's end; null for a temporary one, deleted with it
 */
public record PostgresOptions(
        Map<String, String> settings, @Nullable Path directory) {

    public PostgresOptions {
        settings = Map.copyOf(settings);
    }

    /** Our settings alone, in a temporary directory. */
    public static PostgresOptions defaults() {
        return new PostgresOptions(Map.of(), null);
    }

    public PostgresOptions withSettings(Map<String, String> values) {
        return new PostgresOptions(values, directory);
    }

    public PostgresOptions withDirectory(Path path) {
        return new PostgresOptions(settings, path);
    }
}
