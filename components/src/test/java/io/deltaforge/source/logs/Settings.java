package io.deltaforge.source.logs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings for tests. */
final class Settings {
    private Settings() {}

    static LogsSourceConfig of(Path directory, String... include) {
        return of(LogsSourceConfig.ReadFrom.BEGINNING, directory, include);
    }

    static LogsSourceConfig of(LogsSourceConfig.ReadFrom readFrom, Path directory, String... include) {
        return of(readFrom, Duration.ofMillis(300), directory, include);
    }

    static LogsSourceConfig of(
            LogsSourceConfig.ReadFrom readFrom, Duration partialLineTimeout, Path directory, String... include) {
        return new LogsSourceConfig(
                "logs",
                List.of(include).stream()
                        .map(name -> directory.resolve(name).toString())
                        .toList(),
                List.of(directory + "/**/*.not"),
                readFrom,
                1000,
                partialLineTimeout,
                Duration.ofMillis(500),
                4);
    }
}
