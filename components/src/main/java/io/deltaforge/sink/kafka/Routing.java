package io.deltaforge.sink.kafka;

import io.deltaforge.spi.Setting;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Which topic a log entry goes to, if not the sink's. */
public record Routing(
        @Setting(
                doc = "Whether the label `kafka_topic` of an entry names its topic. It counts before the level.",
                value = "true")
        boolean byLabel,

        @Setting(
                doc = "Topics that a label may name, a regular expression for the whole name. Without it: the"
                        + " sink's `topic`, and that with `-`, `.` or `_` and more behind it. Entries that name another go where they would without the label, and are"
                        + " counted.")
        @Nullable
        String allow,

        @Setting(
                doc = "true: `error`, `critical` and `fatal` go to `{topic}-high-priority`, `debug` and `trace` to"
                        + " `{topic}-low-priority`, where {topic} is the sink's; or a topic for each level that is to go"
                        + " elsewhere.",
                value = "false")
        LevelTopics byLevel) {

    public Routing {
        if (allow != null) {
            try {
                Pattern.compile(allow);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("allow must be a regular expression: " + e.getDescription(), e);
            }
        }
    }
}
