package io.deltaforge.source.logs;

import io.deltaforge.event.Position;
import io.deltaforge.event.SourceInfo;
import io.deltaforge.spi.ComponentType;
import io.deltaforge.spi.Failure;
import io.deltaforge.spi.Feed;
import io.deltaforge.spi.Source;

/** Follows log files. Confined to the source thread. */
public final class LogsSource implements Source {
    public static final ComponentType<Source, LogsSourceConfig> TYPE = new ComponentType<>(
            Source.class,
            "logs",
            "Lines of log files, followed through every kind of rotation.",
            LogsSourceConfig.class,
            LogsSource::new);

    private final LogsSourceConfig config;
    private final SourceInfo info;
    private final FileTable table = new FileTable();
    private long readings;

    public LogsSource(LogsSourceConfig config) {
        this.config = config;
        this.info = new SourceInfo("logs", config.id(), "");
    }

    @Override
    public SourceInfo info() {
        return info;
    }

    @Override
    public Position parsePosition(String text) {
        return FilesPosition.parse(table, text);
    }

    @Override
    public void run(Feed feed) throws Failure {
        try (Follower follower = new Follower(config, info, table, feed, ++readings)) {
            follower.run();
        }
    }

    @Override
    public void close() {
        // nothing stays open between two runs
    }
}
