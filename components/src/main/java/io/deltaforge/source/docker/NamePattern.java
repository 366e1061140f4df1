package io.deltaforge.source.docker;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names with {@code *} for any characters. Immutable. */
record NamePattern(List<Pattern> patterns) {

    static NamePattern of(List<String> texts) {
        return new NamePattern(texts.stream()
                .map(text -> Pattern.compile(Pattern.compile("\\*")
                        .splitAsStream(text + "|") // the mark keeps a star at the end
                        .map(part -> Pattern.quote(part.endsWith("|") ? part.substring(0, part.length() - 1) : part))
                        .collect(Collectors.joining(".*"))))
                .toList());
    }

    boolean matches(String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }
}
