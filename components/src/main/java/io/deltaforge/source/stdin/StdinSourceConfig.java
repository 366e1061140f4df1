package io.deltaforge.source.stdin;

import io.deltaforge.spi.Setting;
import java.util.Map;

/** The settings of {@code type: stdin}. */
public record StdinSourceConfig(
        @Setting(doc = "Name of the source in events, metrics and logs.", value = "stdin")
        String id,

        @Setting(doc = "Labels that every entry gets.", value = "{}")
        Map<String, String> labels,

        @Setting(
                doc = "Most bytes of a line. Of a longer one the beginning is delivered, marked as truncated.",
                value = "262144")
        int maxLineBytes) {

    public StdinSourceConfig {
        labels = Map.copyOf(labels);
        require(!id.isBlank(), "id must not be empty");
        require(
                maxLineBytes >= 64 && maxLineBytes <= 16 << 20,
                "max_line_bytes must be between 64 and 16777216, but is " + maxLineBytes);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
