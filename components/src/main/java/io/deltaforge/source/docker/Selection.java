package io.deltaforge.source.docker;

import java.util.List;
import java.util.Map;

/** Which containers are read. Immutable. */
final class Selection {
    private final NamePattern included;
    private final NamePattern excluded;
    private final Map<String, String> with;
    private final Map<String, String> without;

    Selection(DockerSourceConfig config) {
        this.included = NamePattern.of(config.containers());
        this.excluded = NamePattern.of(config.excludeContainers());
        this.with = config.withLabels();
        this.without = config.withoutLabels();
    }

    boolean holds(Container container) {
        return included.matches(container.name())
                && !excluded.matches(container.name())
                && with.entrySet().stream().allMatch(label -> has(container, label))
                && without.entrySet().stream().noneMatch(label -> has(container, label));
    }

    private static boolean has(Container container, Map.Entry<String, String> label) {
        String value = container.labels().get(label.getKey());
        return value != null && NamePattern.of(List.of(label.getValue())).matches(value);
    }
}
