package io.deltaforge.cli;

import io.deltaforge.config.EditDistance;
import io.deltaforge.reliability.Journal;
import io.deltaforge.reliability.JournalDesk;
import io.deltaforge.reliability.JournalException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which dead letters a command is about. */
final class DlqSelection {
    @Option(names = "--pipeline", paramLabel = "P", required = true, description = "The pipeline (metadata.name).")
    private String pipeline = "";

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "./data",
            description = "The data directory of `run` (default: ${DEFAULT-VALUE}).")
    private Path dataDirectory = Path.of("data");

    @Option(names = "--sink", paramLabel = "S", description = "Only those of this sink.")
    private @Nullable String sink;

    @Option(names = "--error-kind", paramLabel = "K", description = "Only those, e.g. message_too_large.")
    private @Nullable String kind;

    @Option(names = "--limit", paramLabel = "N", description = "Only the N oldest of them.")
    private @Nullable Integer limit;

    @Parameters(arity = "0..*", paramLabel = "ID", description = "Only these, by the numbers that `list` shows.")
    private List<Long> ids = List.of();

    /** What a command does with the journal. */
    interface Work {
        int on(JournalDesk desk) throws InterruptedException;
    }

    String pipeline() {
        return pipeline;
    }

    List<Long> ids() {
        return ids;
    }

    /** True when something says which of the pipeline's entries are meant. */
    boolean isNarrowed() {
        return sink != null || kind != null || limit != null || !ids.isEmpty();
    }

    /** @param otherwise the limit, where none is given */
    JournalDesk.Query query(int otherwise) {
        if (limit != null && limit < 1) {
            throw UserError.usage("--limit must be at least 1");
        }
        return new JournalDesk.Query(pipeline, sink, kind, ids, limit == null ? otherwise : limit);
    }

    int with(Work work) throws InterruptedException {
        Path file = DataDirectory.journal(dataDirectory);
        if (!Files.isDirectory(dataDirectory)) {
            throw UserError.usage(
                    "there is no data directory " + dataDirectory + ": name that of `deltaforge run` with --data-dir");
        }
        if (!Files.exists(file)) {
            throw UserError.usage(dataDirectory + " holds no dead letter queue: no pipeline with"
                    + " spec.journal.enabled: true has run there");
        }
        try (Journal journal = new Journal(file)) {
            JournalDesk desk = new JournalDesk(journal);
            requireKnown(desk.pipelines());
            return work.on(desk);
        } catch (JournalException e) {
            throw UserError.fatal(String.valueOf(e.getMessage()));
        }
    }

    private void requireKnown(List<String> pipelines) {
        if (pipelines.contains(pipeline)) {
            return;
        }
        Optional<String> nearest = EditDistance.nearest(pipeline, pipelines);
        throw UserError.usage("no pipeline \"" + pipeline + "\" has a dead letter queue in " + dataDirectory
                + nearest.map(name -> " (did you mean " + name + "?)")
                        .orElse(pipelines.isEmpty() ? "" : "; there are: " + String.join(", ", pipelines)));
    }

    /** True when the pipeline's process lives. */
    boolean isRunning(JournalDesk desk) {
        return DataDirectory.isHeldBy(dataDirectory, desk.process(pipeline));
    }

    /** Why there is nothing, for the one who expected something. */
    String nothing(JournalDesk desk) {
        if (!isNarrowed()) {
            return "pipeline " + pipeline + " has no dead letters";
        }
        Map<String, Integer> sinks = desk.countBySink(pipeline);
        return sinks.isEmpty()
                ? "pipeline " + pipeline + " has no dead letters"
                : "no dead letter of pipeline " + pipeline + " fits; there are: of sink " + counts(sinks) + "; of kind "
                        + counts(desk.countByKind(pipeline));
    }

    private static String counts(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getKey() + " (" + count.getValue() + ")")
                .collect(Collectors.joining(", "));
    }

    /** @throws UserError when one of the numbers on the command line is none of an entry */
    void requireAll(List<Long> found) {
        List<String> missing = ids.stream()
                .filter(id -> !found.contains(id))
                .map(String::valueOf)
                .toList();
        if (!missing.isEmpty()) {
            throw UserError.usage("pipeline " + pipeline + " has no dead letter " + String.join(", ", missing)
                    + (sink == null && kind == null ? "" : " of that sink and kind")
                    + ": see `deltaforge dlq list --pipeline " + pipeline + "`");
        }
    }
}
