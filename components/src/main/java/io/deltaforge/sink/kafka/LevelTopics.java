package io.deltaforge.sink.kafka;

import io.deltaforge.event.LogLevel;
import io.deltaforge.spi.Setting;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A topic for each level of log entries that does not go to the sink's own. */
public record LevelTopics(
        @Setting(doc = "Topic of `fatal`, e.g. `{topic}-high-priority`.") @Nullable
        String fatal,

        @Setting(doc = "Topic of `critical`.") @Nullable String critical,

        @Setting(doc = "Topic of `error`.") @Nullable String error,

        @Setting(doc = "Topic of `warn`.") @Nullable String warn,

        @Setting(doc = "Topic of `info`.") @Nullable String info,

        @Setting(doc = "Topic of `debug`.") @Nullable String debug,

        @Setting(doc = "Topic of `trace`.") @Nullable String trace) {

    /** Where the sink's own topic stands in a name. */
    static final String TOPIC = "{topic}";

    static final LevelTopics NONE = new LevelTopics(null, null, null, null, null, null, null);

    private static final String HIGH = TOPIC + "-high-priority";
    private static final String LOW = TOPIC + "-low-priority";

    public LevelTopics {
        check("fatal", fatal);
        check("critical", critical);
        check("error", error);
        check("warn", warn);
        check("info", info);
        check("debug", debug);
        check("trace", trace);
    }

    private static void check(String level, @Nullable String topic) {
        if (topic != null && !TopicName.isLegal(topic.replace(TOPIC, "t"))) {
            throw new IllegalArgumentException(
                    level + " " + TopicName.RULE + ", with {topic} for the sink's own, but is \"" + topic + "\"");
        }
    }

    /** {@code true} or {@code false}. */
    public static LevelTopics parse(String text) {
        return switch (text) {
            case "true" -> new LevelTopics(HIGH, HIGH, HIGH, null, null, LOW, LOW);
            case "false" -> NONE;
            default ->
                throw new IllegalArgumentException(
                        "expected true, false or a topic for each level, found \"" + text + "\"");
        };
    }

    boolean areNone() {
        return equals(NONE);
    }

    /** The topics of the levels that do not go to the sink's own. */
    Map<LogLevel, String> names(String sinksTopic) {
        Map<LogLevel, String> names = new EnumMap<>(LogLevel.class);
        for (LogLevel level : LogLevel.values()) {
            String name = of(level);
            if (name != null) {
                names.put(level, name.replace(TOPIC, sinksTopic));
            }
        }
        return names;
    }

    private @Nullable String of(LogLevel level) {
        return switch (level) {
            case FATAL -> fatal;
            case CRITICAL -> critical;
            case ERROR -> error;
            case WARN -> warn;
            case INFO -> info;
            case DEBUG -> debug;
            case TRACE -> trace;
        };
    }
}
