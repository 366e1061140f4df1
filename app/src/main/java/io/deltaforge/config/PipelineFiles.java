package io.deltaforge.config;

import io.deltaforge.spi.EventFilter;
import io.deltaforge.spi.SinkPolicy;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Loads pipeline files: the door of this package. */
public final class PipelineFiles {
    private final Components components;
    private final Map<String, String> environment;

    /** @param environment what {@code ${NAME}} stands for */
    public PipelineFiles(Components components, Map<String, String> environment) {
        this.components = components;
        this.environment = Map.copyOf(environment);
    }

    /**
     * @param pipelines one for each file, in their order; incomplete when there are problems
     * @param problems of all files together
     */
    public record Loaded(List<PipelineConfig> pipelines, List<Problem> problems) {}

    public Loaded load(List<Path> files) {
        List<PipelineConfig> pipelines = new ArrayList<>();
        List<Problem> found = new ArrayList<>();
        Map<String, String> fileOfName = new HashMap<>();
        for (Path file : files) {
            Problems problems = new Problems(file.toString());
            read(file, problems)
                    .flatMap(text -> parse(text, file.toString(), fileOfName, problems))
                    .ifPresent(pipelines::add);
            found.addAll(problems.list());
        }
        return new Loaded(List.copyOf(pipelines), List.copyOf(found));
    }

    private static Optional<String> read(Path file, Problems problems) {
        try {
            if (Files.isDirectory(file)) {
                problems.add(Place.FILE, "", "is a directory", "name the files in it");
                return Optional.empty();
            }
            String text = Files.readString(file);
            return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (NoSuchFileException e) {
            problems.add(Place.FILE, "", "no such file");
        } catch (AccessDeniedException e) {
            problems.add(Place.FILE, "", "may not be read by this user");
        } catch (CharacterCodingException e) {
            problems.add(Place.FILE, "", "is not UTF-8 text");
        } catch (IOException e) {
            problems.add(Place.FILE, "", "cannot be read: " + e.getMessage());
        }
        return Optional.empty();
    }

    /**
     * A pipeline file that was made of one in the log-capture dialect.
     *
     * @param yaml with variables as they are written; {@code null} when there are problems
     * @param notes what a reader of it should know
     */
    public record Conversion(@Nullable String yaml, List<String> notes, List<Problem> problems) {}

    /** A file in its canonical form. Variables need not be set, but for those whose values decide about that form. */
    public Conversion convert(Path file) {
        Problems problems = new Problems(file.toString());
        Optional<String> text = read(file, problems);
        Optional<Node.Mapping> root = text.flatMap(read -> root(read, problems));
        if (root.isPresent() && problems.isEmpty() && !LogCaptureDialect.isWrittenIn(root.get())) {
            return new Conversion(text.orElseThrow(), List.of(file + " is in the canonical form as it is"), List.of());
        }
        Variables variables = new Variables(environment);
        Optional<LogCaptureConversion.Converted> converted = root.flatMap(written -> {
            Node.Mapping filled =
                    new Placeholders(variables, LogCaptureConversion.CALCULATED).in(written, LogCaptureFile.class, "");
            return LogCaptureDialect.bind(filled, variables, problems)
                    .map(bound ->
                            LogCaptureConversion.convert(written, bound, LogCaptureDialect.nameOf(file.toString())));
        });
        return new Conversion(
                converted.map(made -> YamlWriter.write(made.pipeline())).orElse(null),
                converted.map(LogCaptureConversion.Converted::notes).orElse(List.of()),
                problems.list());
    }

    private static Optional<Node.Mapping> root(String text, Problems problems) {
        return YamlReader.read(text, problems).flatMap(root -> {
            if (root instanceof Node.Mapping mapping) {
                return Optional.of(mapping);
            }
            problems.add(root.place(), "", "expected a pipeline, found " + Wording.found(root));
            return Optional.empty();
        });
    }

    private Optional<PipelineConfig> parse(
            String text, String file, Map<String, String> fileOfName, Problems problems) {
        return root(text, problems)
                .flatMap(written -> LogCaptureDialect.isWrittenIn(written)
                        ? dialect(written, file, fileOfName, problems)
                        : pipeline(QueueSpelling.canonical(written), file, fileOfName, problems));
    }

    /** Problems of the pipeline file that is made of it are told at their origins. */
    private Optional<PipelineConfig> dialect(
            Node.Mapping written, String file, Map<String, String> fileOfName, Problems problems) {
        return LogCaptureDialect.bind(written, new Variables(environment), problems)
                .map(bound -> LogCaptureConversion.convert(written, bound, LogCaptureDialect.nameOf(file)))
                .flatMap(converted -> {
                    Problems further = new Problems(file);
                    Optional<PipelineConfig> config = pipeline(converted.pipeline(), file, fileOfName, further);
                    problems.addAll(further, converted.origins()::of);
                    return config;
                });
    }

    private Optional<PipelineConfig> pipeline(
            Node.Mapping mapping, String file, Map<String, String> fileOfName, Problems problems) {
        Optional<PipelineFile> pipeline =
                new Binder(components, new Variables(environment), problems).record(PipelineFile.class, mapping, "");
        pipeline.ifPresent(bound -> {
            reportDuplicateSinks(bound, mapping, problems);
            LetterPolicies.report(bound, mapping, problems);
            reportDuplicateName(bound, file, fileOfName, mapping, problems);
        });
        return problems.isEmpty() ? pipeline.map(bound -> config(file, bound)) : Optional.empty();
    }

    private static PipelineConfig config(String file, PipelineFile pipeline) {
        Integer deadline = pipeline.spec().sinkBatchDeadlineSecs();
        return new PipelineConfig(
                file,
                pipeline.metadata().name(),
                pipeline.metadata().tenant(),
                pipeline.metadata().labels(),
                pipeline.spec().source(),
                PipelineFile.plain(pipeline.spec().sinks()),
                pipeline.spec().batch(),
                pipeline.spec().commitPolicy(),
                pipeline.spec().spool(),
                pipeline.spec().journal(),
                pipeline.spec().dlq(),
                deadline == null ? null : Duration.ofSeconds(deadline),
                filters(pipeline.spec().sinks()),
                types(pipeline.spec().sinks()),
                policies(pipeline.spec().sinks()));
    }

    private static Map<String, EventFilter> filters(List<SinkEntry> sinks) {
        Map<String, EventFilter> filters = new HashMap<>();
        sinks.forEach(entry -> filters.put(entry.sink().id(), entry.filter()));
        return Map.copyOf(filters);
    }

    private static Map<String, String> types(List<SinkEntry> sinks) {
        Map<String, String> types = new HashMap<>();
        sinks.forEach(entry -> types.put(entry.sink().id(), entry.type()));
        return Map.copyOf(types);
    }

    private static Map<String, SinkPolicy> policies(List<SinkEntry> sinks) {
        Map<String, SinkPolicy> policies = new HashMap<>();
        sinks.forEach(entry -> policies.put(entry.sink().id(), entry.policy()));
        return Map.copyOf(policies);
    }

    private static void reportDuplicateSinks(PipelineFile pipeline, Node.Mapping root, Problems problems) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < pipeline.spec().sinks().size(); i++) {
            String id = pipeline.spec().sinks().get(i).sink().id();
            if (!ids.add(id)) {
                problems.add(
                        placeOf(root, "spec", "sinks", i, "config", "id"),
                        "spec.sinks[" + i + "].config.id",
                        "another sink of this pipeline is called \"" + id + "\"",
                        "a sink's checkpoint is kept under its id: give each its own");
            }
        }
    }

    private static void reportDuplicateName(
            PipelineFile pipeline, String file, Map<String, String> fileOfName, Node.Mapping root, Problems problems) {
        String name = pipeline.metadata().name();
        String earlier = fileOfName.putIfAbsent(name, file);
        if (earlier != null) {
            problems.add(
                    placeOf(root, "metadata", "name"),
                    "metadata.name",
                    "the pipeline of " + earlier + " is called \"" + name + "\" too",
                    "checkpoints are kept under the name: give each its own");
        }
    }

    /** The place of what is found by these keys and indexes, or of the last thing on the way to it. */
    static Place placeOf(Node root, Object... steps) {
        Node node = root;
        for (Object step : steps) {
            Node next = child(node, step);
            if (next == null) {
                break;
            }
            node = next;
        }
        return node.place();
    }

    private static @Nullable Node child(Node node, Object step) {
        return switch (node) {
            case Node.Mapping mapping when step instanceof String key -> mapping.get(key);
            case Node.Sequence sequence
            when step instanceof Integer index -> sequence.items().get(index);
            default -> null;
        };
    }
}
