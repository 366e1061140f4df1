package io.deltaforge.source.logs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
                LogsSourceConfig.Format.PLAIN,
                LogsSourceConfig.Encoding.UTF8,
                null,
                1000,
                partialLineTimeout,
                Duration.ofMillis(500),
                4);
    }

    static LogsSourceConfig of(
            LogsSourceConfig.Format format,
            LogsSourceConfig.Encoding encoding,
            LogsSourceConfig.@Nullable Multiline multiline,
            Path directory,
            String... include) {
        LogsSourceConfig plain = of(directory, include);
        return new LogsSourceConfig(
                plain.id(),
                plain.include(),
                plain.exclude(),
                plain.readFrom(),
                format,
                encoding,
                multiline,
                plain.maxLineBytes(),
                plain.partialLineTimeout(),
                plain.scanInterval(),
                plain.maxOpenFiles());
    }

    static LogsSourceConfig scannedEvery(Duration interval, LogsSourceConfig plain) {
        return new LogsSourceConfig(
                plain.id(),
                plain.include(),
                plain.exclude(),
                plain.readFrom(),
                plain.format(),
                plain.encoding(),
                plain.multiline(),
                plain.maxLineBytes(),
                plain.partialLineTimeout(),
                interval,
                plain.maxOpenFiles());
    }
}
