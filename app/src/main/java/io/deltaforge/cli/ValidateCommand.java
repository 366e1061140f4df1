package io.deltaforge.cli;

import io.deltaforge.config.PipelineConfig;
import io.deltaforge.spi.Sink;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code deltaforge validate}. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Checks pipeline files without connecting to anything.",
            "Prints every problem with its file, line and key and what to write instead. Environment variables that the"
                    + " files name must be set, as for run."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  deltaforge validate orders.yaml", "  deltaforge validate pipelines/*.yaml && echo all good"})
final class ValidateCommand implements Callable<Integer> {
    @Mixin
    private PipelineArguments pipelines = new PipelineArguments();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        Optional<List<PipelineConfig>> loaded =
                pipelines.load(spec.commandLine().getErr());
        if (loaded.isEmpty()) {
            return ExitCode.CONFIG;
        }
        PrintWriter out = spec.commandLine().getOut();
        for (PipelineConfig pipeline : loaded.get()) {
            out.println(pipeline.file() + ": ok, pipeline " + pipeline.name() + ": "
                    + pipeline.source().info().id() + " → "
                    + pipeline.sinks().stream().map(Sink::id).collect(Collectors.joining(", ")));
        }
        return ExitCode.OK;
    }
}
