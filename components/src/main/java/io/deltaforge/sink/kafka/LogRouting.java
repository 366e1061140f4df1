package io.deltaforge.sink.kafka;

import io.deltaforge.event.LogEntry;
import io.deltaforge.event.LogLevel;
import io.deltaforge.spi.log.MessageLevel;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Chooses the topics of log entries. Confined to one thread, but for {@link #refused}. */
final class LogRouting {
    static final String LABEL = "kafka_topic";
    private static final String SEPARATORS = "-._";
    /** Labels come from outside: what is remembered of them must not grow with them. */
    private static final int MOST_REMEMBERED = 1000;

    private final boolean byLabel;
    private final @Nullable Pattern allow;
    private final LevelTopics byLevel;
    private final boolean isByLevel;
    private final Map<String, Boolean> allowed = new HashMap<>();
    private final Map<String, Map<LogLevel, String>> topicsByLevel = new HashMap<>();

    private String lastTopic = "";
    private Map<LogLevel, String> lastByLevel = Map.of();
    private volatile long refused;

    LogRouting(Routing routing) {
        byLabel = routing.byLabel();
        allow = routing.allow() == null ? null : Pattern.compile(routing.allow());
        byLevel = routing.byLevel();
        isByLevel = !byLevel.areNone();
    }

    /** How many entries named a topic that they may not name. Any thread. */
    long refused() {
        return refused;
    }

    /** @param usual where it goes without routing; {@code null} when that cannot be told */
    @Nullable
    String topic(LogEntry entry, @Nullable String usual) {
        String named = byLabel ? label(entry) : null;
        if (named != null) {
            if (isAllowed(named, usual)) {
                return named;
            }
            countRefused();
        }
        if (!isByLevel || usual == null) {
            return usual;
        }
        LogLevel level = MessageLevel.of(entry);
        String other = level == null ? null : topics(usual).get(level);
        return other == null ? usual : other;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread counts, others only read
    private void countRefused() {
        refused++;
    }

    private static @Nullable String label(LogEntry entry) {
        Map<String, String> labels = entry.stream().labels();
        String named = labels.isEmpty() ? null : labels.get(LABEL);
        return named != null || entry.fields().isEmpty()
                ? named
                : entry.fields().get(LABEL);
    }

    private boolean isAllowed(String named, @Nullable String usual) {
        if (allow == null) {
            return usual != null && isPartOf(named, usual) && TopicName.isLegal(named);
        }
        Boolean known = allowed.get(named);
        if (known == null) {
            known = TopicName.isLegal(named) && allow.matcher(named).matches();
            if (allowed.size() >= MOST_REMEMBERED) {
                allowed.clear();
            }
            allowed.put(named, known);
        }
        return known;
    }

    /** {@code logs-audit} is of {@code logs}; {@code login} is not of {@code log}. */
    private static boolean isPartOf(String named, String usual) {
        return named.startsWith(usual)
                && (named.length() == usual.length() || SEPARATORS.indexOf(named.charAt(usual.length())) >= 0);
    }

    /** The sink's topic is mostly the same string, always. */
    @SuppressWarnings("ReferenceEquality")
    private Map<LogLevel, String> topics(String usual) {
        if (usual == lastTopic) {
            return lastByLevel;
        }
        Map<LogLevel, String> topics = topicsByLevel.get(usual);
        if (topics == null) {
            topics = byLevel.names(usual);
            if (topicsByLevel.size() >= MOST_REMEMBERED) {
                topicsByLevel.clear();
            }
            topicsByLevel.put(usual, topics);
        }
        lastTopic = usual;
        lastByLevel = topics;
        return topics;
    }
}
