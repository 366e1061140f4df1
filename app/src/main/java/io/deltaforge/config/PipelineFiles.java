package io.deltaforge.config;

import io.deltaforge.spi.EventFilter;
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

    private Optional<PipelineConfig> parse(
            String text, String file, Map<String, String> fileOfName, Problems problems) {
        Optional<Node> root = YamlReader.read(text, problems);
        if (root.isEmpty()) {
            return Optional.empty();
        }
        if (!(root.get() instanceof Node.Mapping written)) {
            problems.add(root.get().place(), "", "expected a pipeline, found " + Wording.found(root.get()));
            return Optional.empty();
        }
        Node.Mapping mapping = QueueSpelling.canonical(written);
        Optional<PipelineFile> pipeline =
                new Binder(components, new Variables(environment), problems).record(PipelineFile.class, mapping, "");
        pipeline.ifPresent(bound -> {
            reportDuplicateSinks(bound, mapping, problems);
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
                filters(pipeline.spec().sinks()));
    }

    private static Map<String, EventFilter> filters(List<SinkEntry> sinks) {
        Map<String, EventFilter> filters = new HashMap<>();
        sinks.forEach(entry -> filters.put(entry.sink().id(), entry.filter()));
        return Map.copyOf(filters);
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
    private static Place placeOf(Node root, Object... steps) {
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
