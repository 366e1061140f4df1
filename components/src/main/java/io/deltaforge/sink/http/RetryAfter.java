package io.deltaforge.sink.http;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** How long an endpoint asks us to wait (RFC 9110, section 10.2.3): seconds, or a date. */
final class RetryAfter {
    /** More than this is taken for a mistake: who writes it must not stop a pipeline for a year. */
    static final Duration MOST = Duration.ofHours(1);

    private RetryAfter() {}

    /** {@code null} when it does not say, or says something that is no time to come. */
    static @Nullable Duration of(HttpHeaders headers, Clock clock) {
        String text = headers.firstValue("Retry-After").orElse("").strip();
        Duration asked = text.matches("\\d+") ? seconds(text) : untilDate(text, clock.instant());
        if (asked == null || !asked.isPositive()) {
            return null;
        }
        return asked.compareTo(MOST) > 0 ? MOST : asked;
    }

    private static Duration seconds(String digits) {
        return digits.length() > 9 ? MOST : Duration.ofSeconds(Long.parseLong(digits));
    }

    private static @Nullable Duration untilDate(String date, Instant now) {
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
