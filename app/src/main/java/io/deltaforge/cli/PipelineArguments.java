package io.deltaforge.cli;

import io.deltaforge.BuiltIns;
import io.deltaforge.config.PipelineConfig;
import io.deltaforge.config.PipelineFiles;
import io.deltaforge.config.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** The pipeline files of a command. */
final class PipelineArguments {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Pipeline files, one pipeline each (YAML).")
    private List<Path> files = List.of();

    /** Empty when there are problems; they are printed then. */
    Optional<List<PipelineConfig>> load(PrintWriter errors) {
        return load(files, errors);
    }

    static Optional<List<PipelineConfig>> load(List<Path> files, PrintWriter errors) {
        PipelineFiles.Loaded loaded = new PipelineFiles(BuiltIns.all(), System.getenv()).load(files);
        if (loaded.problems().isEmpty()) {
            return Optional.of(loaded.pipelines());
        }
        print(loaded.problems(), errors);
        return Optional.empty();
    }

    static void print(List<Problem> problems, PrintWriter errors) {
        problems.forEach(errors::println);
        errors.println(problems.size() == 1 ? "1 problem" : problems.size() + " problems");
    }
}
