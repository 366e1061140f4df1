package io.deltaforge.config;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Recognises files of the log-capture dialect, and finds what is wrong in one before it becomes a pipeline file. */
final class LogCaptureDialect {
    private static final Set<String> PIPELINE_KEYS = Set.of("apiVersion", "kind", "metadata", "spec");
    private static final String SOURCES = "sources";
    private static final String SINKS = "sinks";
    private static final String KAFKA = "kafka";
    private static final List<String> OWN_KEYS = List.of(SOURCES, SINKS);
    private static final String EXAMPLE = "sources: {logs: {include: [\"/var/log/*.log\"]}}";

    private LogCaptureDialect() {}

    /** True also for a file that was meant to be one: it has its keys in the wrong place, or misspelt. */
    static boolean isWrittenIn(Node.Mapping root) {
        Set<String> keys = root.entries().sequencedKeySet();
        return keys.stream().noneMatch(PIPELINE_KEYS::contains)
                && keys.stream()
                        .anyMatch(key -> EditDistance.nearest(key, OWN_KEYS).isPresent() || home(key) != null);
    }

    /** The file bound to its records; empty exactly when there is a problem. */
    static Optional<LogCaptureFile> bind(Node.Mapping root, Variables variables, Problems problems) {
        Node.Mapping rest = withoutStrays(root, "", problems);
        if (rest.get(SINKS) instanceof Node.Mapping sinks) {
            rest = rest.with(SINKS, withoutStrays(sinks, SINKS, problems));
        }
        boolean isSourceMisspelt = rest.entries().keySet().stream()
                .anyMatch(key -> EditDistance.nearest(key, List.of(SOURCES)).isPresent());
        if (rest.get(SOURCES) == null && (rest.entries().containsKey(SOURCES) || !isSourceMisspelt)) {
            Node.Entry entry = rest.entries().get(SOURCES);
            problems.add(
                    entry == null ? root.place() : entry.key(),
                    SOURCES,
                    "required, but missing",
                    "say where the lines come from, e.g. " + EXAMPLE);
        }
        Optional<LogCaptureFile> bound =
                new Binder(new Components(List.of()), variables, problems).record(LogCaptureFile.class, rest, "");
        return problems.isEmpty() ? bound : Optional.empty();
    }

    /** Reports what belongs further down, and takes it out. */
    private static Node.Mapping withoutStrays(Node.Mapping block, String path, Problems problems) {
        Node.Mapping rest = block;
        for (var entry : block.entries().entrySet()) {
            String key = entry.getKey();
            String home = home(key);
            if (home != null && !home.equals(path)) {
                problems.add(
                        entry.getValue().key(),
                        path.isEmpty() ? key : path + "." + key,
                        "unknown key here",
                        "it belongs below " + home);
                rest = rest.without(key);
            }
        }
        return rest;
    }

    /** The block that a key belongs in, of those that are often shown by themselves; {@code null} for any other. */
    private static @Nullable String home(String key) {
        if (key.equals(KAFKA)) {
            return SINKS;
        }
        return kafkaKeys().anyMatch(key::equals) ? SINKS + "." + KAFKA : null;
    }

    private static Stream<String> kafkaKeys() {
        return Key.of(LogCaptureKafka.class).stream().map(Key::name);
    }

    /** What a pipeline is called that is not given a name: what the file is, without its extension. */
    static String nameOf(String file) {
        String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        String stem = name.lastIndexOf('.') > 0 ? name.substring(0, name.lastIndexOf('.')) : name;
        String legal = stem.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        return legal.isEmpty() ? "logs" : legal.substring(0, Math.min(legal.length(), 200));
    }
}
