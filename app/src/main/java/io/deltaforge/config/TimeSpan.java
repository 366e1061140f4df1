package io.deltaforge.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they are written in pipeline files: a whole number and its unit, {@code 100ms} or {@code 5s}. */
public final class TimeSpan {
    static final String PATTERN = "[0-9]{1,15}(ms|s|m|h|d)";
    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,15})(ms|s|m|h|d)");

    private TimeSpan() {}

    public static Optional<Duration> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(count);
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }
}
